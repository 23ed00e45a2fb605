/** What the benchmarks in a real VS Code share: an editor on a service, and what its extension host takes. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { until } from '../scripts/bed/until.ts';
import { ensureVSCode } from '../scripts/bed/vscode.ts';
import { startServer, type Server } from '../test/workbench/harness/server.ts';
import { uiOf, type Ui } from '../test/workbench/harness/ui.ts';
import { openWorkbench } from '../test/workbench/harness/workbench.ts';
import type { Figures } from './report.ts';

/** All built-in extensions together make memory uncertain by more than the package takes. */
const BUILT_IN = ['theme-defaults', 'markdown-basics', 'markdown-language-features'];
/** The extension host rests when it used next to no processor time for so long. */
const REST_MS = 2000;
const REST_SECONDS = 0.02;

/** Seconds of processor time that a process has used, in user and system mode. */
export const processorSeconds = (pid: number): number => {
  // Fields 14 and 15, in hundredths; the name before them may hold spaces.
  const fields = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

export const hostOf = (server: Server): Promise<number> => until('the extension host runs', () => server.hosts().at(-1));

export const memoryMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]) / 1024;

/** Megabytes of the extension host once it rests. */
export const restingMemory = async (server: Server): Promise<number> => {
  const pid = await hostOf(server);
  let used = -1;
  let since = Date.now();
  await until(
    'the extension host rests',
    () => {
      const now = processorSeconds(pid);
      if (now - used > REST_SECONDS) {
        used = now;
        since = Date.now();
      }
      return Date.now() - since > REST_MS;
    },
    60_000,
  );
  return memoryMb(pid);
};

/** Per cent of one processor that a process uses, over this many seconds. */
export const busyPercent = async (pid: number, seconds: number): Promise<number> => {
  const before = processorSeconds(pid);
  const begun = performance.now();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  return (100_000 * (processorSeconds(pid) - before)) / (performance.now() - begun);
};

/** A folder with the few built-in extensions that the measurements need. */
export const fewBuiltIns = async (): Promise<{ readonly folder: string; readonly remove: () => void }> => {
  if (!existsSync('/proc/self/stat')) throw new Error('memory is read from /proc: Linux only');
  const vscode = await ensureVSCode(console.log);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rollout-lens-built-in-'));
  for (const name of BUILT_IN) cpSync(path.join(vscode.folder, 'extensions', name), path.join(folder, name), { recursive: true });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

export interface Subject {
  readonly vsix?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly measure: (page: Page, ui: Ui, server: Server) => Promise<Figures>;
}

export const inEditor = async (builtIn: string, { vsix, settings, measure }: Subject): Promise<Figures> => {
  const server = await startServer({
    kind: 'normal',
    args: ['--builtin-extensions-dir', builtIn],
    settings: settings ?? {},
    ...(vsix === undefined ? {} : { vsix }),
  });
  try {
    writeFileSync(path.join(server.workspace, 'README.md'), '# What is read\n\nSome text.\n');
    const workbench = await openWorkbench(server);
    try {
      return await measure(workbench.page, uiOf(workbench.page), server);
    } finally {
      await workbench.close();
    }
  } finally {
    await server.stop();
    rmSync(server.folder, { recursive: true, force: true, maxRetries: 5 });
  }
};

export const milliseconds = async (task: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now();
  await task();
  return performance.now() - begun;
};
