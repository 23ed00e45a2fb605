/** The extension, packed and installed, in a VS Code that a browser on this machine shows. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { globalStorage, installExtension, launch, prepareFolder } from '../bed/server.ts';
import { ensureVSCode } from '../bed/vscode.ts';
import { EXAMPLE, makeWorkspace, PROFILE, ROOT, SETTINGS } from './profile.ts';

const { values } = parseArgs({ options: { locale: { type: 'string' } } });
const say = (line: string): void => console.log(`# ${line}`);

const folder = path.join(PROFILE, 'browser');
mkdirSync(folder, { recursive: true });
const vscode = await ensureVSCode(say);
say('packing the extension …');
const vsix = path.join(PROFILE, 'rollout-lens.vsix');
// Built a moment ago by `npm start`; vsce would build again.
execFileSync('npm', ['run', '--silent', 'package', '--', '--out', vsix], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
prepareFolder(folder, SETTINGS);
// What was done to the example of the last time would make this one start half-way.
rmSync(path.join(globalStorage(folder, 'rollout-lens.rollout-lens'), 'service'), { recursive: true, force: true });
const env = { ...process.env, ...EXAMPLE };
installExtension(vscode, folder, vsix, env);

say('starting VS Code …');
const token = randomBytes(24).toString('hex');
const server = await launch({ vscode, folder, env, token, ...(values.locale === undefined ? {} : { locale: values.locale }) });
const address = new URL(`http://127.0.0.1:${String(server.port)}/`);
address.searchParams.set('tkn', token);
address.searchParams.set('folder', makeWorkspace());

let ending = false;
const end = (): void => {
  // Ctrl-C arrives twice: from the terminal and passed on by npm start.
  if (ending) return;
  ending = true;
  say('ending …');
  void server.stop().then(() => process.exit(0));
};
process.on('SIGINT', end);
process.on('SIGTERM', end);
console.log(`\nRollout Lens is ready. Open this address in a browser on this machine:\n\n  ${address.href}\n`);
say('Ctrl-C ends it, the built-in service and its simulated traffic');
// The server is a child of this process; without it there is nothing to wait for.
setInterval(() => {
  try {
    process.kill(server.pid, 0);
  } catch {
    say(`VS Code has ended; its log: ${path.relative(ROOT, server.log)}`);
    process.exit(1);
  }
}, 1000);
