// `npm start`: from a fresh clone to the extension with a live simulated release. Plain JavaScript for Node 20; what needs the project's
// own Node (scripts/start/*.ts) is started as `node` by name. `npm start -- --browser` never uses a desktop VS Code; `--locale zh-cn` speaks Chinese.
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { build, install, say, show } from './steps.mjs';

const wanted = process.argv.slice(2);

/** `code` on PATH, and a screen to show it on. */
const desktop = () => {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return false;
  const names = process.platform === 'win32' ? ['code.cmd'] : ['code'];
  return (process.env.PATH ?? '').split(path.delimiter).some((folder) =>
    names.some((name) => {
      try {
        accessSync(path.join(folder, name), constants.X_OK);
        return true;
      } catch {
        return false;
      }
    }),
  );
};

try {
  await install();
  await build();
  const program = !wanted.includes('--browser') && desktop() ? 'scripts/start/desktop.ts' : 'scripts/start/browser.ts';
  process.exitCode = await show('node', [program, ...wanted.filter((option) => option !== '--browser')]);
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
