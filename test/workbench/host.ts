/** Runs the bundled suites inside the extension host of a real VS Code, with the project's own folder as the extension under development. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { RESULTS, ROOT, SUITES } from './harness/project.ts';
import { versionOf } from '../../scripts/bed/vscode.ts';
import { buildUnderTest, startServer } from './harness/server.ts';
import { openWorkbench, type Workbench } from './harness/workbench.ts';
import type { HostResult } from './suites/index.ts';

const LIMIT_MS = 180_000;

export interface HostRunOptions {
  readonly extension?: string;
  readonly suites?: string;
  readonly locale?: string;
}

/** Throws when the host gave no result at all: it never started, or a test never ended. */
export const runInHost = async (options: HostRunOptions = {}): Promise<readonly HostResult[]> => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rollout-lens-host-'));
  const results = path.join(folder, 'results.json');
  const server = await startServer({
    kind: 'driver',
    env: { ROLLOUT_LENS_HOST_RESULTS: results, ROLLOUT_LENS_HOST_VERSION: versionOf(buildUnderTest()) },
    ...(options.locale === undefined ? {} : { locale: options.locale }),
  });
  let workbench: Workbench | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    let exited: (code: number) => void = () => undefined;
    const ended = new Promise<number>((resolve) => (exited = resolve));
    workbench = await openWorkbench(server, {
      extension: options.extension ?? ROOT,
      tests: path.join(options.suites ?? SUITES, 'index.cjs'),
      onExit: (code) => exited(code),
    });
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`no result after ${String(LIMIT_MS / 1000)} s: a test never ended, or the host never started`)),
        LIMIT_MS,
      );
    });
    const code = await Promise.race([ended, late]);
    if (!existsSync(results)) throw new Error(`the extension host ended with ${String(code)} and left no result`);
    return JSON.parse(readFileSync(results, 'utf8')) as readonly HostResult[];
  } catch (error) {
    const evidence = path.join(RESULTS, 'host');
    mkdirSync(evidence, { recursive: true });
    await workbench?.save(evidence);
    throw new Error(
      `${error instanceof Error ? error.message : String(error)}; see ${path.relative(ROOT, evidence)}\n${readFileSync(server.log, 'utf8').slice(-2000)}`,
      { cause: error },
    );
  } finally {
    clearTimeout(timer);
    await workbench?.close();
    await server.stop();
    rmSync(server.folder, { recursive: true, force: true, maxRetries: 5 });
    rmSync(folder, { recursive: true, force: true });
  }
};
