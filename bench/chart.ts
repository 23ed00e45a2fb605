/**
 * Drawing two lines of many points: the panel's own min-max a pixel before chart.js (webview/chart/decimate.ts), against chart.js with its own
 * decimation plugin (min-max) and, in the note, against chart.js with every point. In a real Chromium, from typed arrays to the
 * painted canvas.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { chromium } from 'playwright-core';
import { ensureChromium } from '../scripts/bed/chromium.ts';
import { inTurn, report, type Figures } from './report.ts';

const root = path.resolve(import.meta.dirname, '..');
const { values } = parseArgs({ options: { points: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '5' } } });
const points = Number(values.points);
const rounds = Number(values.rounds);

/** Runs in the browser. The page's module is bundled by path: benches import nothing of the page. */
const PAGE = `
import { Chart, Decimation, LinearScale, LineController, LineElement, PointElement } from 'chart.js';
import { decimate } from './webview/chart/decimate.ts';
Chart.register(LineController, LineElement, PointElement, LinearScale, Decimation);
const WIDTH = 600;
let times, lines;
window.prepare = (n) => {
  times = Float64Array.from({ length: n }, (_, i) => i);
  let state = 7;
  const next = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
  lines = [0, 1].map((k) => times.map((t) => Math.sin(t / n * 20) + k + next()));
};
const objects = (x, y) => Array.from(x, (value, i) => ({ x: value, y: y[i] }));
const draw = (make, decimation) => {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = 200;
  document.body.append(canvas);
  const begin = performance.now();
  const chart = new Chart(canvas, {
    type: 'line',
    data: { datasets: lines.map((y, k) => ({ data: make(y), borderColor: k ? 'blue' : 'red', borderWidth: 1, pointRadius: 0 })) },
    options: {
      animation: false, responsive: false, parsing: false, normalized: true, events: [],
      scales: { x: { type: 'linear', min: 0, max: times.length - 1 }, y: { type: 'linear' } },
      plugins: { decimation: { enabled: decimation, algorithm: 'min-max' } },
    },
  });
  // Reading a pixel waits until everything has been painted.
  const pixel = canvas.getContext('2d').getImageData(0, 0, WIDTH, 200).data.some((v) => v > 0);
  const took = performance.now() - begin;
  chart.destroy();
  canvas.remove();
  if (!pixel) throw new Error('nothing was painted');
  return took;
};
window.ours = () => draw((y) => { const p = decimate(times, y, 0, times.length - 1, WIDTH); return objects(p.x, p.y); }, false);
window.plugin = () => draw((y) => objects(times, y), true);
window.plain = () => draw((y) => objects(times, y), false);
`;

const bundle = await esbuild.build({
  stdin: { contents: PAGE, resolveDir: root, loader: 'js' },
  bundle: true,
  format: 'iife',
  write: false,
  absWorkingDir: root,
});
const { executable } = await ensureChromium((text) => {
  console.log(text);
});
const browser = await chromium.launch({ executablePath: executable, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage();
  await page.setContent('<body></body>');
  await page.addScriptTag({ content: bundle.outputFiles[0]?.text ?? '' });
  const once = async (name: 'ours' | 'plugin' | 'plain'): Promise<Figures> => ({
    draw_ms: await page.evaluate<number>(`window.${name}()`),
  });
  await page.evaluate(`window.prepare(${String(points)})`);
  for (const name of ['ours', 'plugin'] as const) await once(name);
  const figures = await inTurn(
    rounds,
    () => once('ours'),
    () => once('plugin'),
  );
  const plain = await once('plain');
  const version = JSON.parse(await readFile(path.join(root, 'node_modules/chart.js/package.json'), 'utf8')) as {
    version: string;
  };
  report({
    bench: 'chart',
    peerName: `chart.js ${version.version} with its decimation plugin`,
    ...figures,
    note: `2 lines of ${points.toLocaleString('en')} points; chart.js with every point, once: ${plain['draw_ms']?.toFixed(0) ?? '-'} ms`,
  });
} finally {
  await browser.close();
}
