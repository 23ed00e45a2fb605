import '../../fakes/vscode.ts';
import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { ok } from '../../../src/base/result.ts';
import { message } from '../../../src/model/message.ts';
import { fill, type Localizer } from '../../../src/platform/localizer.ts';
import { refusalText } from '../../../src/commands/previewText.ts';
import { movedText } from '../../../src/commands/ratioInput.ts';
import { pageLabels } from '../../../src/views/pageLabels.ts';
import { sayIn } from '../../../webview/labels.ts';
import { changeText } from '../../../webview/chart/readout.ts';
import { bundle } from '../../fakes/manifest.ts';
import { evidence, releaseState, sourceState, stateOf } from '../../fakes/releases.ts';
import { window } from '../../fakes/vscodeModule.ts';

const { whichVariant } = await import('../../../src/commands/whichVariant.ts');

const chinese: Localizer = { locale: 'zh-cn', t: (text, args) => fill(bundle[text] ?? `(no translation) ${text}`, args) };
/** What of English stands between the parts of a sentence where these were put together without a translation. */
const LEFT = /[,:;.(] |[\p{Script=Han}。，；：] \p{Script=Han}|no translation/u;

describe('a sentence of several parts is a sentence in Chinese too', () => {
  it('why an act was refused, and what moved', () => {
    const before = { ratio: 0.1, stepIndex: 0 };
    const refusal = { kind: 'conflict', message: message('source.refusal.conflict'), detail: '', expected: before } as const;
    for (const current of [{ ratio: 0.2, stepIndex: 1 }, before]) {
      const text = refusalText({ ...refusal, current }, chinese);
      assert.match(text, /。.*。$/);
      assert.doesNotMatch(text, LEFT);
    }
  });

  it('what a ratio moves', () => {
    const state = releaseState({ ratio: { unit: 'users', desired: 0.1, actual: 0.1, since: null } }, { evidence: evidence() });
    const text = movedText(state, 0.25, chinese);
    assert.match(text, /：.*，/);
    assert.doesNotMatch(text.replace(/（[^）]*）/g, ''), LEFT);
  });

  it('a change of ratio in a chart', () =>
    assert.equal(changeText({ time: 0, label: '10% → 20%', detail: '张伟' }, sayIn(pageLabels(chinese))), '10% → 20%（张伟）'));

  it('which variant a user gets', async (t) => {
    const told = mock.method(window, 'showInformationMessage', () => Promise.resolve(undefined));
    t.after(() => {
      told.mock.restore();
    });
    const state = releaseState({ name: '风控模型' });
    Object.assign(window, { showInputBox: () => Promise.resolve('u1'), withProgress: (_: object, task: () => unknown) => task() });
    const because = message('source.assignment.everyone', { phase: 'full' });
    const text = await whichVariant(state.key, {
      store: { state: stateOf([sourceState()], [state]) },
      activeKey: () => null,
      l10n: chinese,
      now: () => 0,
      source: () => ({ name: '生产', assignment: () => Promise.resolve(ok({ userId: 'u1', variant: 'canary', because })) }) as never,
      signal: new AbortController().signal,
    });
    assert.match(text ?? '', /^用户 u1 命中 v42（.*）。.*。?$/);
    assert.doesNotMatch(text ?? '', LEFT);
    assert.deepEqual(told.mock.calls[0]?.arguments.slice(0, 1), [`风控模型：${text ?? ''}`]);
  });
});
