import '../../fakes/vscode.ts';
import assert from 'node:assert/strict';
import { describe, it, mock, type TestContext } from 'node:test';
import type { ConnectDeps } from '../../../src/commands/connect.ts';
import { english } from '../../fakes/english.ts';
import { window } from '../../fakes/vscodeModule.ts';

const { removeSource } = await import('../../../src/commands/removeSource.ts');

const URL = 'https://prod.example/api';
const prod = { id: 'prod', name: 'Production', type: 'http', url: URL, caFile: null };

/** Removes `prod`; the person answers with `choice`. */
const remove = async (t: TestContext, choice: string | undefined, token: string | null, ...others: readonly object[]) => {
  const asked: { readonly detail: string; readonly buttons: readonly string[] }[] = [];
  const method = mock.method(
    window,
    'showWarningMessage',
    (_: string, { detail }: { readonly detail: string }, ...buttons: readonly string[]) => {
      asked.push({ detail, buttons });
      return Promise.resolve(choice);
    },
  );
  t.after(() => {
    method.mock.restore();
  });
  const removed: string[] = [];
  const forgotten: string[] = [];
  const deps = {
    config: {
      current: { sources: [prod, ...others] },
      removeSource: (id: string) => Promise.resolve(removed.push(id)),
    },
    tokens: {
      get: () => Promise.resolve(token),
      set: (url: string, to: string) => Promise.resolve(forgotten.push(`${url}=${to}`)),
    },
    l10n: english,
  } as unknown as ConnectDeps;
  const answer = await removeSource('prod', deps);
  const [question] = asked;
  assert.ok(question);
  return { answer, removed, forgotten, ...question };
};

describe('removing a source', () => {
  it('keeps the token that other workspaces read with, and says so', async (t) => {
    const { answer, removed, forgotten, detail, buttons } = await remove(t, 'Remove', 'secret');
    assert.deepEqual([answer, removed, forgotten], [true, ['prod'], []]);
    assert.match(detail, /token for https:\/\/prod\.example is stored for all your workspaces/);
    assert.deepEqual(buttons, ['Remove', 'Remove with Its Token']);
  });

  it('takes the token too where the person says so', async (t) => {
    const { removed, forgotten } = await remove(t, 'Remove with Its Token', 'secret');
    assert.deepEqual([removed, forgotten], [['prod'], [`${URL}=`]]);
  });

  it('says nothing of a token where there is none, or where another source here has the same address', async (t) => {
    const bare = await remove(t, 'Remove', null);
    const shared = await remove(t, 'Remove', 'secret', { ...prod, id: 'again', url: 'https://prod.example/other' });
    for (const { detail, buttons } of [bare, shared]) {
      assert.doesNotMatch(detail, /token/);
      assert.deepEqual(buttons, ['Remove']);
    }
  });

  it('changes nothing when it is closed', async (t) => {
    const { answer, removed, forgotten } = await remove(t, undefined, 'secret');
    assert.deepEqual([answer, removed, forgotten], [false, [], []]);
  });
});
