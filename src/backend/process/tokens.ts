import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { array, describeDecodeError, object, string, withDefault } from '../../base/decode.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Role } from '../storage/audit.ts';

const decodeTokens = object({ viewer: withDefault(array(string), []), operator: withDefault(array(string), []) });

const TOKEN_MIN = 8;
const ROLES = ['viewer', 'operator'];

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Who may do what. Tokens are compared by digest in constant time. */
export class Tokens {
  private readonly entries: readonly { readonly role: Role; readonly digest: Buffer }[];
  /** The token that `service.json` gives to this user's own clients. */
  readonly own: string;

  constructor(viewer: readonly string[], operator: readonly [string, ...string[]]) {
    this.own = operator[0];
    this.entries = [
      ...operator.map((token) => ({ role: 'operator' as const, digest: digest(token) })),
      ...viewer.map((token) => ({ role: 'viewer' as const, digest: digest(token) })),
    ];
  }

  roleOf(token: string): Role | null {
    const given = digest(token);
    let role: Role | null = null;
    for (const entry of this.entries) if (timingSafeEqual(entry.digest, given)) role ??= entry.role;
    return role;
  }
}

/** `{"viewer":[…],"operator":[…]}`; the error is for the person who started the service. */
export const readTokenFile = (file: string): Result<Tokens, string> => {
  let input: unknown;
  try {
    input = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return err(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const decoded = decodeTokens(input);
  // A misspelt role would silently let nobody in.
  const unknown = Object.keys(typeof input === 'object' && input !== null ? input : {}).find((key) => !ROLES.includes(key));
  if (decoded.ok && unknown !== undefined) return err(`${file}: $.${unknown}: there are the roles ${ROLES.join(' and ')} only`);
  if (!decoded.ok) return err(`${file}: ${describeDecodeError(decoded.error)}`);
  const { viewer, operator } = decoded.value;
  const [first, ...rest] = operator;
  if (first === undefined) return err(`${file}: at least one operator token is needed`);
  if ([...viewer, ...operator].some((token) => token.length < TOKEN_MIN)) {
    return err(`${file}: a token needs at least ${String(TOKEN_MIN)} characters`);
  }
  if ([...viewer, ...operator].some((token) => /[^\x21-\x7e]/.test(token))) {
    return err(`${file}: a token is of visible ASCII characters, without spaces: another could not be sent`);
  }
  if (viewer.some((token) => operator.includes(token))) return err(`${file}: a token is given to a viewer and to an operator`);
  return ok(new Tokens(viewer, [first, ...rest]));
};
