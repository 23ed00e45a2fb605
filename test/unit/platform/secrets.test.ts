import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type * as vscode from 'vscode';
import { originOf, Tokens } from '../../../src/platform/secrets.ts';

/** The editor's store as far as it is used, in memory. */
const memory = (): { readonly storage: vscode.SecretStorage; readonly kept: Map<string, string> } => {
  const kept = new Map<string, string>();
  const listeners = new Set<(event: { key: string }) => void>();
  const tell = (key: string): Promise<void> => {
    for (const listener of listeners) listener({ key });
    return Promise.resolve();
  };
  const storage = {
    get: (key: string) => Promise.resolve(kept.get(key)),
    store: (key: string, value: string) => (kept.set(key, value), tell(key)),
    delete: (key: string) => (kept.delete(key), tell(key)),
    onDidChange: (listener: (event: { key: string }) => void) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
  };
  return { storage: storage as unknown as vscode.SecretStorage, kept };
};

describe('a token', () => {
  it('goes to the origin it was entered for, whatever the path, and nowhere else', async () => {
    const tokens = new Tokens(memory().storage);
    await tokens.set('https://rollouts.example.com/base', 'secret');
    assert.equal(await tokens.get('https://rollouts.example.com/'), 'secret');
    for (const other of [
      'https://evil.example.com',
      'http://rollouts.example.com',
      'https://rollouts.example.com:8443',
      'https://rollouts.example.com.evil.example',
      'https://rollouts.example.com@evil.example',
      'ftp://rollouts.example.com',
      'no address',
    ]) {
      assert.equal(await tokens.get(other), null, other);
    }
  });

  it('is taken out by an empty one, and every window hears of it', async () => {
    const { storage, kept } = memory();
    const tokens = new Tokens(storage);
    const heard: string[] = [];
    tokens.onDidChange((origin) => heard.push(origin));
    await tokens.set('https://a.example', 'x');
    await tokens.set('https://a.example', '');
    assert.equal(kept.size, 0);
    assert.deepEqual(heard, ['https://a.example', 'https://a.example']);
  });

  it('is refused for what is no address', async () => {
    assert.equal(await new Tokens(memory().storage).set('javascript:alert(1)', 'x'), false);
    assert.equal(originOf('file:///etc/passwd'), null);
  });
});
