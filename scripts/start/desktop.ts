/** The extension from this folder in the desktop VS Code that is on PATH, with a profile of its own. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { endProcessesOf } from '../bed/leftovers.ts';
import { EXAMPLE, makeWorkspace, PROFILE, ROOT, SETTINGS } from './profile.ts';

const { values } = parseArgs({ options: { locale: { type: 'string' } } });
const say = (line: string): void => console.log(`# ${line}`);

const folder = path.join(PROFILE, 'desktop');
const user = path.join(folder, 'User');
mkdirSync(user, { recursive: true });
writeFileSync(path.join(user, 'settings.json'), JSON.stringify(SETTINGS, null, 2));
// What was done to the example of the last time would make this one start half-way.
rmSync(path.join(user, 'globalStorage/rollout-lens.rollout-lens/service'), { recursive: true, force: true });

say('opening VS Code with the extension, in a profile of its own; Ctrl-C or closing its window ends it');
const child = spawn(
  'code',
  [
    ...['--wait', '--new-window', '--disable-extensions'],
    `--extensionDevelopmentPath=${ROOT}`,
    ...['--user-data-dir', folder, '--extensions-dir', path.join(folder, 'extensions')],
    ...(values.locale === undefined ? [] : ['--locale', values.locale]),
    makeWorkspace(),
  ],
  { stdio: 'inherit', env: { ...process.env, ...EXAMPLE }, shell: process.platform === 'win32' },
);

/** `code` starts the editor as a program of its own, whose process id stands in the profile while it lives. */
const endEditor = (): void => {
  const lock = path.join(folder, 'code.lock');
  if (!existsSync(lock)) return;
  const pid = Number(readFileSync(lock, 'utf8'));
  try {
    if (pid > 0) process.kill(pid, 'SIGTERM');
  } catch {
    // It has ended.
  }
};

let ending = false;
const end = (status: number): void => {
  if (ending) return;
  ending = true;
  endEditor();
  child.kill();
  void endProcessesOf(folder).then(() => process.exit(status));
};
process.on('SIGINT', () => end(0));
process.on('SIGTERM', () => end(0));
child.once('error', (error) => {
  say(`could not start code: ${error.message}; "npm start -- --browser" does without it`);
  end(1);
});
child.once('close', (code) => end(code ?? 0));
