/** A workbench for one story: the installed package in a normal run, taken down and cleaned whatever happens. */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { RESULTS, VSIX } from './project.ts';
import { startServer, type Server, type ServerOptions } from './server.ts';
import { uiOf, type Ui } from './ui.ts';
import { openWorkbench, type Workbench, type WorkbenchOptions } from './workbench.ts';

export interface Scene {
  readonly page: Page;
  readonly ui: Ui;
  readonly server: Server;
  readonly workbench: Workbench;
  /** Saves a picture under test-results/pictures/, for eyes. */
  readonly picture: (name: string) => Promise<void>;
  /** Runs when the story ends, last added first. */
  readonly after: (cleanUp: () => Promise<void> | void) => void;
}

export interface SceneOptions extends Partial<Omit<ServerOptions, 'kind' | 'vsix'>>, Pick<WorkbenchOptions, 'viewport'> {
  /** Starts what the workbench will talk to, before it, and gives the settings and environment to reach it. */
  readonly before?: (after: Scene['after']) => Promise<Pick<ServerOptions, 'settings' | 'workspaceSettings' | 'env'>>;
}

const fileName = (name: string): string => name.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 80);

/** Plays a story on a workbench of its own. What it leaves when it fails lies under test-results/<name>/. */
export const play = async (
  name: string,
  options: SceneOptions,
  body: (scene: Scene) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> => {
  const evidence = path.join(RESULTS, fileName(name));
  rmSync(evidence, { recursive: true, force: true });
  const cleanUps: (() => Promise<void> | void)[] = [];
  const after: Scene['after'] = (cleanUp) => void cleanUps.push(cleanUp);
  let workbench: Workbench | undefined;
  let server: Server | undefined;
  const keep = async (): Promise<void> => {
    await workbench?.save(evidence);
    if (server === undefined) return;
    mkdirSync(evidence, { recursive: true });
    cpSync(server.log, path.join(evidence, 'server.log'));
    cpSync(path.join(server.folder, 'data/data/logs'), path.join(evidence, 'logs'), { recursive: true, force: true });
  };
  // Nothing is thrown into a test over its limit: its evidence is taken when the runner gives up on it, and then its page is closed under it.
  const giveUp = (): void =>
    void keep().then(
      () => workbench?.close(),
      () => workbench?.close(),
    );
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    const added = (await options.before?.(after)) ?? {};
    const { viewport, locale } = options;
    server = await startServer({
      ...(locale === undefined ? {} : { locale }),
      kind: 'normal',
      vsix: VSIX,
      settings: { ...options.settings, ...added.settings },
      workspaceSettings: { ...options.workspaceSettings, ...added.workspaceSettings },
      env: { ...options.env, ...added.env },
    });
    workbench = await openWorkbench(server, viewport === undefined ? {} : { viewport });
    const { page } = workbench;
    const picture = async (file: string): Promise<void> => {
      mkdirSync(path.join(RESULTS, 'pictures'), { recursive: true });
      await page.screenshot({ path: path.join(RESULTS, 'pictures', `${file}.png`) });
    };
    await body({ page, ui: uiOf(page), server, workbench, after, picture });
  } catch (error) {
    await keep();
    console.log(`# picture and logs: ${path.relative(process.cwd(), evidence)}`);
    throw error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
    await workbench?.close();
    await server?.stop();
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
    if (server !== undefined) rmSync(server.folder, { recursive: true, force: true, maxRetries: 5 });
  }
};

/** A story as a test, with a limit. */
export const scene = (name: string, options: SceneOptions & { readonly limitMs?: number }, body: (scene: Scene) => Promise<void>): void => {
  void test(name, { timeout: options.limitMs ?? 120_000 }, (t) => play(name, options, body, t.signal));
};
