import { readFile } from 'node:fs/promises';
import { array, object, string, withDefault } from '../../base/decode.ts';
import { err, ok, type Result } from '../../base/result.ts';

/** An http or https address without a trailing slash; null for anything else. */
export const baseUrl = (text: string): string | null => {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null;
  return url.origin + url.pathname.replace(/\/+$/, '');
};

interface Credentials {
  /** Empty when the file holds none that may write. */
  readonly token: string;
  /** Where the file says the service is; null when it does not say. */
  readonly url: string | null;
}

const text = withDefault(string, '');
const credentialsFile = object({ token: text, url: text, operator: withDefault(array(string), []) });

/** A token alone, a token file, or the service.json of a data folder. The error is for the person who named the file. */
export const readCredentials = async (file: string): Promise<Result<Credentials, string>> => {
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
  try {
    const decoded = credentialsFile(JSON.parse(content));
    if (decoded.ok) return ok({ token: decoded.value.token || (decoded.value.operator[0] ?? ''), url: baseUrl(decoded.value.url) });
  } catch {
    // Not JSON: the token itself.
  }
  return ok({ token: content.trim(), url: null });
};

/**
 * Where the service is and what opens it. A service that comes back on another port says so in the service.json it was found by: `file`
 * is that, or null when the address was given by itself and never moves.
 */
export class Endpoint {
  url: string;
  token: string | null;
  private readonly file: string | null;

  constructor(url: string, token: string | null, file: string | null) {
    this.url = url;
    this.token = token;
    this.file = file;
  }

  async lookAgain(): Promise<void> {
    if (this.file === null) return;
    const read = await readCredentials(this.file);
    // Gone while the service restarts: what was known stays.
    if (!read.ok || read.value.url === null || read.value.token === '') return;
    this.url = read.value.url;
    this.token = read.value.token;
  }
}
