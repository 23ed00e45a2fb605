// Builds dist/: the extension (ESM, heavy parts as lazy chunks), the service as a program of its own, and the webview's page.
// --production minifies and checks the size budgets; --watch rebuilds.
import { copyFileSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as esbuild from 'esbuild';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const root = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const dist = path.join(root, 'dist');
const require = createRequire(import.meta.url);

const KB = 1024;
const BUDGETS = [
  { what: 'dist/extension.js', match: /^dist\/extension\.js$/, max: 300 * KB },
  { what: 'each file of dist/webview', match: /^dist\/webview\/.*\.(js|css)$/, max: 260 * KB },
];
const FIRST_LOAD_MAX = 420 * KB;

const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  metafile: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel: 'warning',
  legalComments: 'none',
  charset: 'utf8',
};

// Bundled CommonJS packages call require(); an ES module has none. The name collides with nothing of theirs.
const requireBanner = {
  js: "import { createRequire as rolloutLensCreateRequire } from 'node:module'; const require = rolloutLensCreateRequire(import.meta.url);",
};

const builds = {
  extension: {
    ...common,
    entryPoints: { extension: 'src/extension.ts', analysisWorker: 'src/analysis/worker.ts' },
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    platform: 'node',
    target: 'node22',
    external: ['vscode'],
    banner: requireBanner,
    // axios has a browser build; the extension host is Node.
    mainFields: ['module', 'main'],
    conditions: ['node', 'import'],
  },
  backend: {
    ...common,
    // The entry is apart from the rest, so that on a Node that is too old it can still say so.
    entryPoints: { backend: 'src/backend/main.ts' },
    outdir: 'dist',
    // Beside the entry, since it finds openapi/ beside itself.
    chunkNames: 'backend-[name]-[hash]',
    splitting: true,
    platform: 'node',
    target: 'node22',
    banner: requireBanner,
  },
  webview: {
    ...common,
    entryPoints: { main: 'webview/main.ts', styles: 'webview/styles.css' },
    outdir: 'dist/webview',
    chunkNames: '[name]-[hash]',
    splitting: true,
    platform: 'browser',
    target: 'chrome132',
  },
};

/** swagger-ui's css and js go into the package, so that the service's OpenAPI page works without internet. */
function copyOpenApiPage() {
  const from = path.dirname(require.resolve('swagger-ui-dist/package.json'));
  const to = path.join(dist, 'openapi');
  mkdirSync(to, { recursive: true });
  for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js', 'LICENSE']) copyFileSync(path.join(from, file), path.join(to, file));
}

/** What the page loads before it shows anything: the entry and its static imports. */
function firstLoad(outputs) {
  const seen = new Set();
  const visit = (file) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const imported of outputs[file]?.imports ?? []) if (imported.kind === 'import-statement') visit(imported.path);
  };
  visit('dist/webview/main.js');
  visit('dist/webview/styles.css');
  return [...seen];
}

function checkBudgets(metafiles) {
  const outputs = Object.assign({}, ...metafiles.map((m) => m.outputs));
  const problems = [];
  const size = (file) => statSync(path.join(root, file)).size;
  for (const file of Object.keys(outputs).filter((f) => !f.endsWith('.map'))) {
    for (const budget of BUDGETS) {
      if (!budget.match.test(file)) continue;
      const kb = Math.round(size(file) / KB);
      console.log(`  ${file}  ${kb} KB of ${budget.max / KB}`);
      if (size(file) > budget.max) problems.push(`${file} is ${kb} KB, over the budget of ${budget.max / KB} KB for ${budget.what}`);
    }
  }
  const first = firstLoad(outputs).reduce((sum, file) => sum + size(file), 0);
  console.log(`  webview, first load  ${Math.round(first / KB)} KB of ${FIRST_LOAD_MAX / KB}`);
  if (first > FIRST_LOAD_MAX) problems.push(`the webview's first load is ${Math.round(first / KB)} KB, over ${FIRST_LOAD_MAX / KB} KB`);
  if (problems.length > 0) {
    for (const problem of problems) console.error(`over budget: ${problem}`);
    process.exitCode = 1;
  }
}

if (watch) {
  copyOpenApiPage();
  // The lines that .vscode/tasks.json waits for: finished means that all of the builds are.
  let building = Object.keys(builds).length;
  console.log('[watch] build started');
  const report = () => {
    let first = true;
    return {
      name: 'report',
      setup: (b) => {
        b.onStart(() => {
          if (!first && building++ === 0) console.log('[watch] build started');
          first = false;
        });
        b.onEnd((r) => {
          for (const { text, location: at } of r.errors) {
            console.error(`✘ [ERROR] ${text}${at ? `\n    ${at.file}:${at.line}:${at.column}:` : ''}`);
          }
          if (--building === 0) console.log('[watch] build finished');
        });
      },
    };
  };
  for (const options of Object.values(builds))
    await (await esbuild.context({ ...options, logLevel: 'silent', plugins: [report()] })).watch();
} else {
  rmSync(dist, { recursive: true, force: true });
  copyOpenApiPage();
  const results = await Promise.all(Object.values(builds).map((options) => esbuild.build(options)));
  mkdirSync(path.join(root, 'out'), { recursive: true });
  writeFileSync(path.join(root, 'out/metafile.json'), JSON.stringify(results.map((r) => r.metafile)));
  if (production) checkBudgets(results.map((r) => r.metafile));
}
