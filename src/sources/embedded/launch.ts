import { spawn } from 'node:child_process';
import { mkdir, open, rename, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import { maskShapes } from '../mask.ts';
import type { EmbeddedOptions } from './embeddedTypes.ts';
import { findLivingService, type LivingService } from './serviceFile.ts';

/**
 * Without any window for so long the service ends by itself: long enough for a window to reload, and within the ten seconds that
 * are promised also where closing the database takes some time.
 */
const LEASE_EXIT_SECONDS = 6;
export const LISTEN_TIMEOUT_MS = 20_000;
const LOOK_EVERY_MS = 100;
const LOG_BYTES_MAX = 1024 * 1024;
const OUTPUT_CHARS = 4_000;

export interface LaunchFailure {
  readonly kind: 'spawn' | 'died' | 'silent' | 'aborted';
  /** What it printed, tokens masked. */
  readonly output: string;
}

export interface Launched {
  readonly service: LivingService;
  /** Another window was faster: the one that lives is not the child started here. */
  readonly joined: boolean;
}

/** Environment of a child that is a program of its own: a plain Node, without what a debugger put into this process. */
export const childEnv = (env: EmbeddedOptions['env']): Record<string, string | undefined> => ({
  ...env,
  ELECTRON_RUN_AS_NODE: '1',
  NODE_OPTIONS: undefined,
  VSCODE_INSPECTOR_OPTIONS: undefined,
});

/** Starts the service so that it outlives this process, and waits until it, or one that was faster, listens. */
export const launch = async (options: EmbeddedOptions, signal: AbortSignal): Promise<Result<Launched, LaunchFailure>> => {
  const { dataDir, execPath, backendPath, clock } = options;
  let log: ServiceLog;
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    log = await openLog(dataDir);
  } catch (error) {
    return err({ kind: 'spawn', output: error instanceof Error ? error.message : String(error) });
  }
  try {
    const args = [backendPath, 'serve', '--data', dataDir, '--lease-exit', String(LEASE_EXIT_SECONDS)];
    const child = spawn(execPath, args, {
      cwd: dataDir,
      env: childEnv(options.env),
      detached: true,
      windowsHide: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    const state: { exit: string | null; problem: string | null } = { exit: null, problem: null };
    child.on('error', (error) => {
      state.problem = error.message;
    });
    child.on('exit', (code, by) => {
      state.exit = `exit ${String(code ?? by)}`;
    });
    child.unref();
    const deadline = clock.elapsed() + LISTEN_TIMEOUT_MS;
    while (!signal.aborted) {
      if (state.problem !== null) return err({ kind: 'spawn', output: state.problem });
      // Read before looking: what it wrote before it ended is then seen.
      const gone = state.exit;
      const service = await findLivingService(dataDir, signal);
      if (service !== null) return ok({ service, joined: service.pid !== child.pid });
      if (gone !== null) return err({ kind: 'died', output: `${await log.read()}\n${gone}`.trim() });
      if (clock.elapsed() > deadline) {
        child.kill('SIGTERM');
        return err({ kind: 'silent', output: await log.read() });
      }
      await clock.delay(LOOK_EVERY_MS, signal);
    }
    return err({ kind: 'aborted', output: '' });
  } finally {
    await log.close();
  }
};

interface ServiceLog {
  readonly fd: number;
  /** What was written since it was opened. */
  read(): Promise<string>;
  close(): Promise<void>;
}

const logFileOf = (dataDir: string): string => path.join(dataDir, 'service.log');

/** The service's own output, appended over its lives; one older file is kept. It holds the token that the service prints. */
const openLog = async (dataDir: string): Promise<ServiceLog> => {
  const file = logFileOf(dataDir);
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LOG_BYTES_MAX) await rename(file, `${file}.1`);
  const handle = await open(file, 'a', 0o600);
  const began = (await handle.stat()).size;
  return {
    fd: handle.fd,
    read: () => readTail(file, began),
    close: () => handle.close(),
  };
};

/** The last output of the service, tokens masked; empty when there is none. */
export const lastOutput = (dataDir: string): Promise<string> => readTail(logFileOf(dataDir), 0);

const readTail = async (file: string, from: number): Promise<string> => {
  let handle: FileHandle | null = null;
  try {
    handle = await open(file, 'r');
    const { size } = await handle.stat();
    const start = Math.max(from, size - OUTPUT_CHARS);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.max(0, size - start)), 0, Math.max(0, size - start), start);
    return maskShapes(buffer.toString('utf8', 0, bytesRead)).trim();
  } catch {
    // The file went between two looks: there is nothing to tell.
    return '';
  } finally {
    await handle?.close();
  }
};
