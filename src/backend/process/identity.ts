import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { integer, nullable, object, string, type Decoded } from '../../base/decode.ts';
import { writePrivateFile } from './privateFile.ts';

const decodeIdentity = object({ token: string, port: nullable(integer) });

/** What stays over restarts: the token made on the first start, and the port it last listened on. */
export type Identity = Decoded<typeof decodeIdentity>;

const fileOf = (dataDir: string): string => path.join(dataDir, 'identity.json');

export const writeIdentity = (dataDir: string, identity: Identity): void => {
  writePrivateFile(fileOf(dataDir), `${JSON.stringify(identity)}\n`);
};

/** Reads it, or makes it on the first start. */
export const loadIdentity = (dataDir: string): Identity => {
  try {
    const decoded = decodeIdentity(JSON.parse(readFileSync(fileOf(dataDir), 'utf8')));
    if (decoded.ok) return decoded.value;
  } catch {
    // None yet, or not readable: a new one is made, and clients learn it from service.json.
  }
  // Hexadecimal: a token that begins with a dash could not be given on a command line.
  const made: Identity = { token: randomBytes(24).toString('hex'), port: null };
  writeIdentity(dataDir, made);
  return made;
};
