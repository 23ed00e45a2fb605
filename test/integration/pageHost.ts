/** The page as VS Code shows it, without VS Code: its HTML and policy, its built files, the API it is given, and a real theme's variables. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';
import { ensureChromium } from '../../scripts/bed/chromium.ts';
import { ensureFont } from '../../scripts/bed/font.ts';
import type { HostMessage, WebviewMessage } from '../../src/protocol/messages.ts';
import { chartHtml } from '../../src/views/chartHtml.ts';

const root = path.resolve(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);

export const THEMES = ['Dark Modern', 'Light Modern', 'Default High Contrast', 'Default High Contrast Light'] as const;
type ThemeName = (typeof THEMES)[number];
interface Theme {
  readonly bodyClass: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Typed arrays as text, since what goes into a page is JSON; the page makes them again, as VS Code's own channel does. */
const pack = (message: HostMessage): string =>
  JSON.stringify(message, (_, value: unknown) =>
    value instanceof Float64Array ? { f64: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') } : value,
  );

export interface PageHost {
  open(options?: {
    readonly theme?: ThemeName;
    readonly width?: number;
    readonly height?: number;
    readonly saved?: unknown;
    readonly timeZone?: string;
  }): Promise<OpenPage>;
  close(): Promise<void>;
}

export interface OpenPage {
  readonly page: Page;
  send(message: HostMessage): Promise<void>;
  /** How long the page takes from a message to its picture, in milliseconds; making the message again is not counted. */
  time(message: HostMessage): Promise<number>;
  /** Everything the page has sent so far. */
  sent(): Promise<readonly WebviewMessage[]>;
  saved(): Promise<unknown>;
  theme(name: ThemeName): Promise<void>;
  violations(): Promise<readonly string[]>;
  axe(): Promise<readonly string[]>;
  /** Pixels that are not transparent on a chart's canvas. */
  painted(metric: string): Promise<number>;
  close(): Promise<void>;
}

interface TestWindow extends Window {
  sent: WebviewMessage[];
  saved: unknown;
  violations: string[];
  revive(text: string): unknown;
  applyTheme(theme: Theme): void;
}

/** Runs in the page before anything of it. */
const inject = ({ theme, saved }: { readonly theme: Theme; readonly saved: unknown }): void => {
  const view = window as unknown as TestWindow & { acquireVsCodeApi: () => unknown };
  view.sent = [];
  view.violations = [];
  view.saved = saved;
  view.acquireVsCodeApi = () => ({
    postMessage: (message: WebviewMessage) => view.sent.push(message),
    getState: () => view.saved,
    setState: (state: unknown) => {
      view.saved = state;
    },
  });
  view.revive = (text) =>
    JSON.parse(text, (_, value: unknown) => {
      const packed = typeof value === 'object' && value !== null && 'f64' in value ? value.f64 : null;
      return typeof packed === 'string' ? new Float64Array(Uint8Array.from(atob(packed), (c) => c.charCodeAt(0)).buffer) : value;
    });
  view.applyTheme = ({ bodyClass, variables }) => {
    document.documentElement.removeAttribute('style');
    for (const [name, value] of Object.entries(variables)) document.documentElement.style.setProperty(name, value);
    document.body.className = bodyClass;
  };
  document.addEventListener('securitypolicyviolation', (event) => view.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
  document.addEventListener('DOMContentLoaded', () => {
    view.applyTheme(theme);
  });
};

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return `http://127.0.0.1:${String(address.port)}`;
};

const buildPage = async (outdir: string): Promise<void> => {
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: { main: 'webview/main.ts', styles: 'webview/styles.css' },
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    charset: 'utf8',
    target: 'chrome132',
    outdir,
    logLevel: 'error',
  });
};

const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html; charset=utf-8' };

/** Builds the page and starts a browser. Throws when no browser can be had. */
export const startPageHost = async (): Promise<PageHost> => {
  const say = (text: string): void => {
    console.log(`# ${text}`);
  };
  const browserFiles = await ensureChromium(say);
  const fonts = await ensureFont(say);
  const folder = await mkdtemp(path.join(tmpdir(), 'rollout-lens-page-'));
  await buildPage(folder);
  const themes = JSON.parse(await readFile(path.join(root, 'test/fixtures/themes.json'), 'utf8')) as Record<ThemeName, Theme>;
  const axeSource = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
  let origin = '';
  const server = createServer((request, response) => {
    const name = path.basename(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (name === '') {
      const nonce = randomBytes(16).toString('base64url');
      response.setHeader('content-type', TYPES['.html'] ?? '');
      response.end(
        chartHtml({
          cspSource: origin,
          nonce,
          scriptUri: '/main.js',
          styleUri: '/styles.css',
          locale: 'en',
          title: 'fraud-model',
          loading: 'Loading…',
        }),
      );
      return;
    }
    readFile(path.join(folder, name)).then(
      (content) => {
        response.setHeader('content-type', TYPES[path.extname(name)] ?? 'application/octet-stream');
        response.end(content);
      },
      () => response.writeHead(404).end(),
    );
  });
  origin = await listen(server);
  const browser: Browser = await chromium.launch({
    executablePath: browserFiles.executable,
    env: { ...process.env, XDG_DATA_HOME: fonts },
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--font-render-hinting=none'],
  });

  return {
    open: async ({ theme = 'Dark Modern', width = 1280, height = 900, saved, timeZone = 'Europe/Berlin' } = {}) => {
      // axe and the probes are put in by the test, not by the page; whether the page keeps its policy is read from its own violations.
      const context = await browser.newContext({ viewport: { width, height }, timezoneId: timeZone, reducedMotion: 'reduce' });
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      await page.addInitScript(inject, { theme: themes[theme], saved });
      await page.goto(origin);
      await page.waitForFunction(() => (window as unknown as TestWindow).sent.some((message) => message.type === 'ready'));
      return {
        page,
        send: async (message) => {
          await page.evaluate((text) => {
            window.postMessage((window as unknown as TestWindow).revive(text), '*');
          }, pack(message));
          // Two frames: the message has been handled and drawn.
          await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
        },
        time: (message) =>
          page.evaluate(async (text) => {
            const revived = (window as unknown as TestWindow).revive(text);
            const begin = performance.now();
            window.postMessage(revived, '*');
            await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
            return performance.now() - begin;
          }, pack(message)),
        sent: () => page.evaluate(() => (window as unknown as TestWindow).sent),
        saved: () => page.evaluate(() => (window as unknown as TestWindow).saved),
        theme: async (name) => {
          await page.evaluate((next) => {
            (window as unknown as TestWindow).applyTheme(next);
          }, themes[name]);
          await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
        },
        violations: () => page.evaluate(() => (window as unknown as TestWindow).violations),
        axe: async () => {
          await page.evaluate(axeSource);
          const found = await page.evaluate<{
            readonly violations: readonly { id: string; nodes: readonly { html: string; failureSummary?: string }[] }[];
            readonly passes: readonly unknown[];
          }>("axe.run(document, { resultTypes: ['violations'] })");
          if (found.passes.length < 10) throw new Error('axe found next to nothing to check');
          return found.violations.flatMap(({ id, nodes }) =>
            nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`),
          );
        },
        painted: (metric) =>
          page.locator(`[data-metric="${metric}"] canvas`).evaluate((element) => {
            const canvas = element as HTMLCanvasElement;
            const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
            let painted = 0;
            for (let i = 3; i < data.length; i += 4) if (data[i] !== 0) painted++;
            return painted;
          }),
        close: () => context.close(),
      };
    },
    close: async () => {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
};
