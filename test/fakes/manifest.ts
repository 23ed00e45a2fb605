/** package.json and its translations, as the editor reads them. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');
const json = (file: string): unknown => JSON.parse(readFileSync(path.join(ROOT, file), 'utf8'));

export interface MenuItem {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}

export interface Manifest {
  readonly version: string;
  readonly activationEvents: readonly string[];
  readonly icon: string;
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: unknown; readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly icon?: string;
      readonly enablement?: string;
    }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly when?: string }[]>>;
    readonly viewsContainers: Readonly<Record<string, readonly { readonly id: string; readonly icon: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string; readonly when?: string }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default?: unknown }>> };
  };
}

export const manifest = json('package.json') as Manifest;
export const nls = {
  en: json('package.nls.json') as Readonly<Record<string, string>>,
  zh: json('package.nls.zh-cn.json') as Readonly<Record<string, string>>,
};
export const bundle = json('l10n/bundle.l10n.zh-cn.json') as Readonly<Record<string, string>>;

/** Every source file below `folder`, with its text. */
export const sources = (folder: string): readonly { readonly file: string; readonly text: string }[] =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file: path.join(folder, file), text: readFileSync(path.join(ROOT, folder, file), 'utf8') }));

/** The `%key%`s of a JSON value. */
export const nlsKeys = (value: unknown): readonly string[] =>
  typeof value === 'string'
    ? (/^%([^%]+)%$/.exec(value)?.slice(1) ?? [])
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(nlsKeys)
      : [];
