/** A page that shows the workbench of a server, in a headless Chromium, with what is needed to tell why something went wrong. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { ensureChromium } from '../../../scripts/bed/chromium.ts';
import { ensureFont } from '../../../scripts/bed/font.ts';
import type { Server } from './server.ts';

export interface WorkbenchOptions {
  /** Driver runs only: the folder of the extension under development, and the module whose run() the extension host calls. */
  readonly extension?: string;
  readonly tests?: string;
  readonly onExit?: (code: number) => void;
  readonly onLog?: (type: string, args: readonly unknown[]) => void;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly locale?: string;
}

export interface Workbench {
  readonly page: Page;
  /** What the page printed, and which requests failed. */
  readonly console: readonly string[];
  /** Another window of the same person: a page with an extension host of its own, in the same browser. */
  openWindow(workspace: string): Promise<Page>;
  /** Saves picture and logs under `folder`; never throws, since it runs when something has failed already. */
  save(folder: string): Promise<void>;
  close(): Promise<void>;
}

export const launchBrowser = async (): Promise<Browser> => {
  const say = (line: string): void => console.log(`# ${line}`);
  const { executable, libraries } = await ensureChromium(say);
  const font = await ensureFont(say);
  const start = (env: Record<string, string>): Promise<Browser> =>
    chromium.launch({
      executablePath: executable,
      headless: true,
      env: { ...(process.env as Record<string, string>), XDG_DATA_HOME: font, ...env },
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
  // On a machine without the libraries of a browser the first start fails; the package brings its own.
  return start({}).catch(() => start({ LD_LIBRARY_PATH: libraries }));
};

const addressOf = (server: Server, options: WorkbenchOptions, workspace: string): string => {
  const address = new URL(server.url);
  address.searchParams.set('folder', workspace);
  const payload: [string, string][] = [];
  if (options.extension !== undefined) payload.push(['extensionDevelopmentPath', server.remote(options.extension)]);
  if (options.tests !== undefined) payload.push(['extensionTestsPath', server.remote(options.tests)]);
  // Without the driver the workbench ignores this silently and would show an editor without the extension.
  if (payload.length > 0 && server.kind !== 'driver') throw new Error('an extension under development needs a driver run');
  if (payload.length > 0) address.searchParams.set('payload', JSON.stringify(payload));
  return address.href;
};

export const openWorkbench = async (server: Server, options: WorkbenchOptions = {}): Promise<Workbench> => {
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext({
      viewport: options.viewport ?? { width: 1280, height: 800 },
      ...(options.locale === undefined ? {} : { locale: options.locale }),
    });
    // On a desktop the operating system keeps secrets; this build asks its web server for a key to keep them by, and here there is only the editor's own.
    await context.route(/\/mint-key(\?|$)/, (route) =>
      route.fulfill({ body: Buffer.alloc(32, 1), contentType: 'application/octet-stream' }),
    );
    const lines: string[] = [];
    const openWindow = async (workspace: string): Promise<Page> => {
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      page.on('console', (message) => lines.push(`[${message.type()}] ${message.text()}`));
      page.on('pageerror', (error) => lines.push(`[uncaught] ${error.message}`));
      page.on('requestfailed', (request) => lines.push(`[request failed] ${request.url()} ${request.failure()?.errorText ?? ''}`));
      await page.exposeFunction('codeAutomationExit', (code: number) => options.onExit?.(code));
      await page.exposeFunction('codeAutomationLog', (type: string, args: readonly unknown[]) => options.onLog?.(type, args));
      await page.goto(addressOf(server, options, workspace), { waitUntil: 'domcontentloaded' });
      await page.locator('.monaco-workbench').waitFor({ timeout: 30_000 });
      return page;
    };
    const page = await openWindow(server.workspace);
    return {
      page,
      console: lines,
      openWindow,
      save: async (folder) => {
        mkdirSync(folder, { recursive: true });
        writeFileSync(path.join(folder, 'console.log'), `${lines.join('\n')}\n`);
        await page.screenshot({ path: path.join(folder, 'workbench.png') }).catch((error: unknown) => {
          writeFileSync(path.join(folder, 'no-picture.txt'), String(error));
        });
      },
      close: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
};
