/** What goes to a user: everything the extension needs and nothing else. Reads the list that vsce itself would pack. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');
const NEEDED = [
  'package.json',
  'package.nls.json',
  'package.nls.zh-cn.json',
  'l10n/bundle.l10n.zh-cn.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'media/icon.svg',
  'dist/extension.js',
  'dist/analysisWorker.js',
  'dist/backend.js',
  'dist/webview/main.js',
  'dist/webview/styles.css',
];
const ALLOWED = [
  /^(package(\.nls(\.zh-cn)?)?\.json|README\.md|CHANGELOG\.md|LICENSE)$/,
  /^l10n\/bundle\.l10n(\.zh-cn)?\.json$/,
  /^media\/[\w./-]+\.(svg|png|md)$/,
  /^dist\/[\w./-]+\.(js|css)$/,
  /^dist\/openapi\/LICENSE$/,
];

const files = execFileSync('vsce', ['ls', '--no-dependencies'], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => line !== '');
const problems = [
  ...NEEDED.filter((file) => !files.includes(file)).map((file) => `missing in the package: ${file}`),
  ...files.filter((file) => !ALLOWED.some((pattern) => pattern.test(file))).map((file) => `does not belong into the package: ${file}`),
];
for (const problem of problems) console.error(problem);
console.log(`${String(files.length)} files, ${problems.length === 0 ? 'all of them wanted' : `${String(problems.length)} problems`}`);
process.exitCode = problems.length === 0 ? 0 : 1;
