import '../../fakes/vscode.ts';
import assert from 'node:assert/strict';
import { describe, it, mock, type TestContext } from 'node:test';
import type { RolloutActions } from '../../../src/actions/actions.ts';
import { SILENT_LOG } from '../../../src/base/log.ts';
import { err } from '../../../src/base/result.ts';
import { message } from '../../../src/model/message.ts';
import type { ConnectDeps } from '../../../src/commands/connect.ts';
import { english } from '../../fakes/english.ts';
import { releaseState, sourceState, stateOf } from '../../fakes/releases.ts';
import { window } from '../../fakes/vscodeModule.ts';

const { Acts } = await import('../../../src/commands/act.ts');
const { enterToken } = await import('../../../src/commands/enterToken.ts');
const { removeSource } = await import('../../../src/commands/removeSource.ts');

const prod = { id: 'prod', name: 'Production', type: 'http', url: 'https://prod', caFile: null };
const edge = { id: 'edge', name: 'Edge', type: 'logs', files: ['a.log'] };
const deps = (...sources: readonly object[]): ConnectDeps =>
  // Nothing else of them is reached: what asks a question fails, since nobody is there to be asked.
  ({ config: { current: { sources } }, l10n: english, tokens: {}, signal: new AbortController().signal }) as unknown as ConnectDeps;

const told = (t: TestContext, severity: 'showInformationMessage' | 'showWarningMessage'): (readonly string[])[] => {
  const seen: (readonly string[])[] = [];
  const method = mock.method(window, severity, (...args: readonly string[]) => {
    seen.push(args);
    return Promise.resolve(undefined);
  });
  t.after(() => {
    method.mock.restore();
  });
  return seen;
};

describe('a command on a source is about no other one than was meant', () => {
  for (const meant of ['edge', 'builtin', 'gone'])
    it(`no token is asked for the only service when ${meant} was meant`, async (t) => {
      const seen = told(t, 'showInformationMessage');
      assert.equal(await enterToken(meant, deps(prod, edge)), false);
      assert.deepEqual(seen, [['This source takes no token.']]);
    });

  it('no other source is removed, and nothing is asked where there is none', async (t) => {
    const seen = told(t, 'showInformationMessage');
    assert.equal(await removeSource('builtin', deps(prod, edge)), false);
    assert.equal(await removeSource(null, deps()), false);
    assert.deepEqual(seen, [['There is no such source in the settings.'], ['There is no such source in the settings.']]);
  });
});

describe('an act that a token may not do', () => {
  const refused = async (t: TestContext, sourceId: string): Promise<readonly string[]> => {
    const seen = told(t, 'showWarningMessage');
    const state = releaseState({ sourceId });
    const refusal = { kind: 'forbidden', message: message('source.refusal.forbidden'), detail: '', expected: null, current: null } as const;
    const acts = new Acts({
      actions: { plan: () => Promise.resolve(err(refusal)) } as unknown as RolloutActions,
      store: { state: stateOf([sourceState({ id: sourceId })], [state]) },
      l10n: english,
      log: SILENT_LOG,
      signal: new AbortController().signal,
      onActed: () => undefined,
    });
    assert.equal(await acts.perform(state.key, { kind: 'pause' }), 'refused');
    const [, ...buttons] = seen[0] ?? [];
    return buttons;
  };
  it('leads to another token', async (t) => assert.deepEqual(await refused(t, 'prod'), ['Enter Token…']));
  it('does not at the built-in service, which knows its own', async (t) => assert.deepEqual(await refused(t, 'builtin'), ['Show Output']));
});
