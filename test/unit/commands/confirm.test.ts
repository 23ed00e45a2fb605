import '../../fakes/vscode.ts';
import assert from 'node:assert/strict';
import { describe, it, mock, type TestContext } from 'node:test';
import type { Preview } from '../../../src/actions/preview.ts';
import { message } from '../../../src/model/message.ts';
import { english } from '../../fakes/english.ts';
import { window } from '../../fakes/vscodeModule.ts';

const { confirm } = await import('../../../src/commands/confirm.ts');

const preview = (plan: Partial<Preview['plan']> = {}, warnings: Preview['warnings'] = []): Preview => ({
  plan: {
    id: 'p',
    sourceId: 'prod',
    releaseId: 'fraud',
    intent: { kind: 'setRatio', ratio: 0.2 },
    target: 'fraud-model',
    revision: '7',
    request: { method: 'PATCH', url: 'https://prod/api/v1/releases/fraud', headers: { 'if-match': '"7"' }, body: '{"ratio":0.2}' },
    reason: null,
    facts: {},
    from: 0.1,
    to: 0.2,
    goesOnTo: null,
    consequences: [],
    irreversible: [],
    dangerous: false,
    inverse: null,
    ...plan,
  },
  releaseName: 'fraud-model',
  sourceName: 'prod-eu',
  moved: { users: null, requests: null },
  warnings,
  undoOf: null,
});
const pause = preview({ intent: { kind: 'pause' }, to: null });

/** What is asked of the person, who answers with `choice`. */
const asked = async (t: TestContext, what: Preview, choice?: string) => {
  const seen: { readonly as: string; readonly detail: string; readonly buttons: readonly string[] }[] = [];
  for (const as of ['showInformationMessage', 'showWarningMessage'] as const) {
    const method = mock.method(window, as, (_: string, options: { readonly detail: string }, ...buttons: readonly string[]) => {
      seen.push({ as, detail: options.detail, buttons });
      return Promise.resolve(choice);
    });
    t.after(() => {
      method.mock.restore();
    });
  }
  const answer = await confirm(what, 'users', english, (shown) => shown);
  return { seen, answer };
};

describe('the question before a change', () => {
  for (const [what, shown, as, first] of [
    ['a plain rise', preview(), 'showWarningMessage', 'Set to 20%'],
    ['a resume after which it goes on', preview({ intent: { kind: 'resume' }, to: null, goesOnTo: 0.2 }), 'showWarningMessage', 'Resume'],
    ['a pause', pause, 'showInformationMessage', 'Pause'],
    ['what cannot be taken back', preview({ dangerous: true }), 'showWarningMessage', 'Give a Reason…'],
    ['a rise while the canary regresses', preview({}, [message('action.warn.regressing')]), 'showWarningMessage', 'Give a Reason…'],
  ] as const)
    it(`of ${what}: Enter presses "${first}"`, async (t) => {
      const { seen } = await asked(t, shown);
      assert.deepEqual([seen[0]?.as, seen[0]?.buttons[0]], [as, first]);
      assert.match(seen[0]?.detail ?? '', /To prod-eu, revision 7:\nPATCH https:/);
    });

  it('sends what was shown when its own button is pressed, and nothing when it is closed', async (t) => {
    assert.equal((await asked(t, pause, 'Pause')).answer, pause);
    assert.equal((await asked(t, pause)).answer, null);
  });
});
