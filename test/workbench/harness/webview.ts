/** The inside of the extension's webview. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Frame, FrameLocator, Page } from 'playwright-core';

/** The document of the visible webview. */
export const webviewOf = (page: Page): FrameLocator =>
  page.locator('iframe.webview:visible').first().contentFrame().locator('iframe#active-frame').contentFrame();

const frameOf = async (page: Page): Promise<Frame> => {
  const outer = page.locator('iframe.webview:visible').first().contentFrame();
  const handle = await outer.locator('iframe#active-frame').elementHandle();
  const frame = await handle.contentFrame();
  if (!frame) throw new Error('the webview has no document');
  return frame;
};

export interface AxeViolation {
  readonly id: string;
  readonly impact: string | null;
  /** Where, as CSS paths, with the element's own words. */
  readonly nodes: readonly string[];
}

interface AxeNode {
  readonly target: readonly string[];
  readonly html: string;
  readonly failureSummary?: string;
}
interface AxeRun {
  readonly violations: readonly { readonly id: string; readonly impact: string | null; readonly nodes: readonly AxeNode[] }[];
  readonly passes: readonly unknown[];
}

/** Runs axe-core in the webview. Throws when axe found nothing to look at, since that would pass for a clean page. */
export const axe = async (page: Page): Promise<readonly AxeViolation[]> => {
  const frame = await frameOf(page);
  await frame.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  const result = await frame.evaluate<AxeRun>("axe.run(document, { resultTypes: ['violations'] })");
  if (result.passes.length === 0) throw new Error('axe found nothing to check: the webview is empty');
  return result.violations.map(({ id, impact, nodes }) => ({
    id,
    impact,
    nodes: nodes.map((node) => `${node.target.join(' ')}  ${node.html.slice(0, 120)}  ${(node.failureSummary ?? '').replace(/\s+/g, ' ')}`),
  }));
};

/** How many pixels of a canvas are painted: 0 for an empty one. */
export const paintedPixels = (page: Page, selector: string): Promise<number> =>
  webviewOf(page)
    .locator(selector)
    .first()
    .evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
      let painted = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i] !== 0) painted++;
      return painted;
    });

/** What the content security policy of any page in the window refused. */
export const cspViolations = (lines: readonly string[]): readonly string[] => lines.filter((line) => /Content Security Policy/i.test(line));
