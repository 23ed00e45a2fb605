import { createWriteStream, existsSync, linkSync, mkdirSync, rmSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { object, string } from '../../base/decode.ts';
import { copyDatabase, databaseProblem, openDatabase } from '../storage/database.ts';
import { takeInstanceLock } from '../process/instanceLock.ts';
import { findLivingService, type ServiceInfo } from '../process/serviceFile.ts';
import { DATABASE_FILE } from '../server.ts';
import { say, UsageError } from './output.ts';

const decodeReason = object({ detail: string });

/** What a problem says, else the beginning of whatever came. */
const reasonOf = async (response: IncomingMessage): Promise<string> => {
  const body = await text(response);
  try {
    const problem = decodeReason(JSON.parse(body));
    if (problem.ok) return problem.value.detail;
  } catch {
    // No JSON: shown as it is.
  }
  return body.slice(0, 200);
};

/** Asks the living service for a copy. The certificate is that of our own service, named by a file only this user can write. */
const download = async (info: ServiceInfo, file: string, signal: AbortSignal): Promise<void> => {
  const url = new URL('/api/v1/backup', info.url);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { signal, headers: { authorization: `Bearer ${info.token}` }, rejectUnauthorized: false };
    (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, resolve).once('error', reject).end();
  });
  if (response.statusCode !== 200) {
    throw new Error(`The service answered ${String(response.statusCode)}: ${await reasonOf(response)}`);
  }
  await pipeline(response, createWriteStream(file, { mode: 0o600, flags: 'wx' }), { signal });
};

const copyAtRest = async (dataDir: string, file: string): Promise<void> => {
  const database = path.join(dataDir, DATABASE_FILE);
  if (!existsSync(database)) throw new Error(`${dataDir} holds no database.`);
  // Takes over what a crash left in the log beside it, and refuses a file that is not ours.
  openDatabase(database).close();
  await copyDatabase(database, file);
};

/** `backup --data DIR FILE`: a complete copy, of the living service or at rest. It never overwrites a file. */
export const runBackup = async (args: readonly string[], signal: AbortSignal): Promise<number> => {
  const { values, positionals } = parseArgs({ args: [...args], options: { data: { type: 'string' } }, allowPositionals: true });
  const [target, ...rest] = positionals;
  if (values.data === undefined || target === undefined || rest.length > 0) throw new UsageError('backup needs --data DIR and one FILE.');
  const dataDir = path.resolve(values.data);
  const file = path.resolve(target);
  if (!existsSync(dataDir)) throw new Error(`There is no folder ${dataDir}.`);
  if (existsSync(file)) throw new Error(`${file} exists already; a backup overwrites nothing.`);
  mkdirSync(path.dirname(file), { recursive: true });
  const beside = `${file}.${String(process.pid)}.part`;
  rmSync(beside, { force: true });
  try {
    const living = await findLivingService(dataDir, signal);
    if (living !== null) {
      await download(living, beside, signal);
    } else {
      const lock = takeInstanceLock(dataDir);
      if (lock === null) throw new Error(`Another process uses ${dataDir}, and no service answers there.`);
      try {
        await copyAtRest(dataDir, beside);
      } finally {
        lock.release();
      }
    }
    const wrong = databaseProblem(beside);
    if (wrong !== null) throw new Error(`The copy cannot be used: ${wrong}.`);
    // Unlike a rename, a link fails when somebody made the file in the meantime.
    linkSync(beside, file);
  } finally {
    rmSync(beside, { force: true });
  }
  say.line({ backup: file });
  return 0;
};
