/** The page in a browser for a file of tests: one browser for all of them, and a picture of what failed. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, type TestContext } from 'node:test';
import type { PanelState } from '../../src/protocol/messages.ts';
import { aPanel } from '../fakes/panel.ts';
import { startPageHost, type OpenPage, type PageHost } from './pageHost.ts';

const RESULTS = path.resolve(import.meta.dirname, '../../test-results/page');
type Options = Parameters<PageHost['open']>[0];

export interface PageSession {
  /** The page before the first message; null when there is no browser, and then the test is skipped. */
  readonly open: (t: TestContext, options?: Options) => Promise<OpenPage | null>;
  /** The page that shows this. */
  readonly showing: (t: TestContext, state?: PanelState, options?: Options) => Promise<OpenPage | null>;
}

/** To be called once, outside of any test. */
export const pageSession = (): PageSession => {
  let host: PageHost | null = null;
  let noBrowser = '';
  before(
    async () => {
      try {
        host = await startPageHost();
      } catch (error) {
        noBrowser = `no browser to show the page in: ${error instanceof Error ? error.message : String(error)}`;
        console.log(`# SKIPPED: ${noBrowser}`);
      }
    },
    { timeout: 180_000 },
  );
  after(() => host?.close());

  const open: PageSession['open'] = async (t, options = {}) => {
    if (!host) {
      t.skip(noBrowser);
      return null;
    }
    const opened = await host.open(options);
    t.after(async () => {
      if ('passed' in t && t.passed !== true) {
        mkdirSync(RESULTS, { recursive: true });
        await opened.page.screenshot({ path: path.join(RESULTS, `${t.name.replace(/\W+/g, '-').slice(0, 60)}.png`), fullPage: true });
      }
      await opened.close();
    });
    return opened;
  };
  return {
    open,
    showing: async (t, state = aPanel(), options = {}) => {
      const opened = await open(t, options);
      await opened?.send(state);
      await opened?.page.locator('h1').waitFor();
      if (state.charts.length > 0) await opened?.page.locator('[data-metric="errorRate"] canvas').waitFor();
      return opened;
    },
  };
};
