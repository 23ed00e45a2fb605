// What the first scripts share. Plain JavaScript without dependencies: on a fresh clone there is nothing else yet, and the Node may be
// an old one (20). Later steps are started as `node` by name, with node_modules/.bin first on PATH, which is where the project's own Node is.
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const say = (line) => console.log(`# ${line}`);

const environment = (extra) => ({
  ...process.env,
  PATH: `${path.join(ROOT, 'node_modules/.bin')}${path.delimiter}${process.env.PATH ?? ''}`,
  ...extra,
});

const running = new Set();
let interrupted = false;

// Ctrl-C reaches the children too (same process group); a signal sent to this process alone is passed on.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    interrupted = true;
    for (const child of running) child.kill(signal);
    if (running.size === 0) process.exit(130);
  });
}

/** Runs a program with its output shown; resolves with its exit status. After `limitMs` it is ended, which is a failure. */
export const show = (program, args, env = {}, limitMs = 0) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: environment(env),
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    });
    running.add(child);
    const limit =
      limitMs > 0 &&
      setTimeout(() => {
        say(`${program} ${args.join(' ')} did not end within ${limitMs / 60_000} minutes`);
        child.kill('SIGTERM');
      }, limitMs);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(limit);
      running.delete(child);
      if (interrupted) process.exit(130);
      resolve(code ?? (signal === null ? 1 : 128));
    });
  });

/** `npm ci` when node_modules is missing or older than the lock file. */
export const install = async () => {
  const done = path.join(ROOT, 'node_modules/.package-lock.json');
  if (existsSync(done) && statSync(done).mtimeMs >= statSync(path.join(ROOT, 'package-lock.json')).mtimeMs) return;
  say('installing packages (npm ci), about half a minute …');
  const status = await show('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (status !== 0) throw new Error(`npm ci ended with ${status}`);
};

export const build = async () => {
  say('building …');
  const status = await show('npm', ['run', '--silent', 'build']);
  if (status !== 0) throw new Error(`the build ended with ${status}`);
};
