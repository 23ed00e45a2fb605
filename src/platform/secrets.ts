import type * as vscode from 'vscode';

/** `https://host:port` of an address, or null when it is none that a token may go to. */
export const originOf = (url: string): string | null => {
  try {
    const parsed = new URL(url);
    return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? parsed.origin : null;
  } catch {
    return null;
  }
};

const keyFor = (origin: string): string => `rolloutLens.token:${origin}`;

/**
 * Tokens in the editor's secret storage, each bound to the origin it was entered for. A setting that points a source somewhere
 * else finds no token there, so whoever can change a setting cannot have a token sent to them.
 */
export class Tokens {
  private readonly secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.secrets = secrets;
  }

  async get(url: string): Promise<string | null> {
    const origin = originOf(url);
    return origin === null ? null : ((await this.secrets.get(keyFor(origin))) ?? null);
  }

  /** An empty token removes what was stored. */
  async set(url: string, token: string): Promise<boolean> {
    const origin = originOf(url);
    if (origin === null) return false;
    if (token === '') await this.secrets.delete(keyFor(origin));
    else await this.secrets.store(keyFor(origin), token);
    return true;
  }

  /** Tells the origin whose token changed, in whichever window. */
  onDidChange(listener: (origin: string) => void): vscode.Disposable {
    return this.secrets.onDidChange(({ key }) => {
      const prefix = keyFor('');
      if (key.startsWith(prefix)) listener(key.slice(prefix.length));
    });
  }
}
