import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Preview } from '../../../src/actions/preview.ts';
import { keyOfPath } from '../../../src/commands/linkText.ts';
import { previewText, refusalText } from '../../../src/commands/previewText.ts';
import { movedText, parseRatio, suggestedRatios } from '../../../src/commands/ratioInput.ts';
import { stepChoices } from '../../../src/commands/stepChoices.ts';
import type { Intent } from '../../../src/model/intent.ts';
import { message } from '../../../src/model/message.ts';
import { releaseKey } from '../../../src/model/release.ts';
import { english } from '../../fakes/english.ts';
import { evidence, releaseState } from '../../fakes/releases.ts';

describe('a ratio as it is typed', () => {
  for (const [typed, ratio] of [
    ['25', 0.25],
    ['25 %', 0.25],
    ['2.5', 0.025],
    ['2,5%', 0.025],
    ['0', 0],
    ['100', 1],
    ['0.1', 0.001],
    ['33.333', 0.33333],
  ] as const) {
    it(`${typed} is ${String(ratio)}`, () => assert.deepEqual(parseRatio(typed), { kind: 'ratio', ratio }));
  }
  for (const [typed, kind] of [
    ['', 'empty'],
    ['0.0001', 'tooSmall'],
    ['  ', 'empty'],
    ['abc', 'notANumber'],
    ['1e1', 'notANumber'],
    ['0x10', 'notANumber'],
    ['5 5', 'notANumber'],
    ['101', 'outOfRange'],
    ['-5', 'outOfRange'],
  ] as const) {
    it(`${JSON.stringify(typed)} is refused as ${kind}`, () => assert.deepEqual(parseRatio(typed), { kind }));
  }

  it('is suggested from the steps first, never as it is now, and back to 0 last', () => {
    assert.deepEqual(suggestedRatios(releaseState()), [
      { ratio: 0.05, step: null },
      { ratio: 0.1, step: 1 },
      { ratio: 0.25, step: null },
      { ratio: 0.5, step: 3 },
      { ratio: 1, step: null },
      { ratio: 0, step: null },
    ]);
  });

  it('tells what it moves', () => {
    const state = releaseState({ ratio: { unit: 'users', desired: 0.1, actual: 0.1, since: null } }, { evidence: evidence() });
    assert.equal(movedText(state, 0.25, english), '25% of users: about 2,295 more users (last 10 min), 9/s more on v42 (last 10 min)');
    assert.equal(movedText(state, 0, english), '0% of users: about 1,530 fewer users (last 10 min), 6/s fewer on v42 (last 10 min)');
  });

  it('promises nothing about users where none are known', () => {
    assert.equal(
      movedText(releaseState({ ratio: { unit: 'requests', desired: 0.1, actual: null, since: null } }), 0.25, english),
      '25% of requests',
    );
  });
});

describe('a step to jump to', () => {
  it('is any but the one in force, with what its pause does and what it moves', () => {
    const steps = [
      { ratio: 0.1, pauseSeconds: null },
      { ratio: 0.2, pauseSeconds: null },
      { ratio: 0.5, pauseSeconds: 600 },
    ];
    const ratio = { unit: 'users', desired: 0.2, actual: 0.2, since: null } as const;
    const state = releaseState({ steps, stepIndex: 1, ratio });
    assert.deepEqual(stepChoices(state, english), [
      { stepIndex: 0, label: 'step 1: 10%', description: 'then waits for a person', detail: '10% of users' },
      { stepIndex: 2, label: 'step 3: 50%', description: 'then pauses 10 min', detail: '50% of users' },
    ]);
    // Beside the steps each of them is somewhere to go.
    assert.equal(stepChoices(releaseState({ steps, stepIndex: 1, ratio: { ...ratio, desired: 0.3 } }), english).length, 3);
  });
});

const preview = (intent: Intent, given: Partial<Preview> = {}, plan: Partial<Preview['plan']> = {}): Preview => ({
  plan: {
    id: 'p',
    sourceId: 'prod',
    releaseId: 'fraud',
    intent,
    target: 'fraud-model',
    revision: '7',
    request: { method: 'PATCH', url: 'https://prod/api/v1/releases/fraud', headers: { 'if-match': '"7"' }, body: '{"ratio":0.25}' },
    reason: null,
    facts: {},
    from: 0.1,
    to: 0.25,
    goesOnTo: null,
    consequences: [],
    irreversible: [message('source.plan.ends')],
    dangerous: false,
    inverse: null,
    ...plan,
  },
  releaseName: 'fraud-model',
  sourceName: 'prod-eu',
  moved: { users: { count: 1_530, atMost: false, seconds: 3600 }, requests: { perMinute: 3_660, seconds: 600 } },
  warnings: [message('action.warn.regressing')],
  undoOf: null,
  ...given,
});

describe('what is asked before a change', () => {
  it('warnings first, then what moves, what is final, and the exact request', () => {
    const text = previewText(preview({ kind: 'setRatio', ratio: 0.25 }), 'users', english);
    assert.equal(text.question, 'Set the ratio of fraud-model to 25%?');
    assert.equal(text.button, 'Set to 25%');
    assert.deepEqual(text.detail.split('\n\n'), [
      'Warning: The canary is regressing, and this gives it to more users.',
      'Ratio: 10% → 25%',
      'Moves about 1,530 of the users seen in the last 1 h to the canary; 3,660 requests a minute to the canary, at the traffic of the last 10 min.',
      'Cannot be undone: The release ends here: a new attempt is a new release.',
      'To prod-eu, revision 7:\nPATCH https://prod/api/v1/releases/fraud\nif-match: "7"\n{"ratio":0.25}',
    ]);
  });

  for (const [ratio, shown] of [
    [0.9997, '99.97%'],
    [0.12345, '12.345%'],
    [0.00001, '0.001%'],
    [0.99999, '99.999%'],
    [0.07, '7%'],
    [0.29, '29%'],
  ] as const)
    it(`asks for the ${shown} that it sends, not for a rounded one`, () => {
      const plan = {
        from: ratio,
        to: ratio / 2,
        request: { method: 'PATCH', url: 'https://prod', headers: {}, body: JSON.stringify({ ratio }) },
      };
      const text = previewText(preview({ kind: 'setRatio', ratio }, {}, plan), 'users', english);
      assert.equal(text.question, `Set the ratio of fraud-model to ${shown}?`);
      assert.equal(text.button, `Set to ${shown}`);
      assert.ok(text.detail.includes(`Ratio: ${shown} → `), text.detail);
    });

  it('a refusal names what was and what is to the last digit', () => {
    const refusal = {
      kind: 'conflict',
      message: message('source.refusal.conflict'),
      detail: '',
      expected: { ratio: 0.12345, nextRatio: 0.00004 },
      current: { ratio: 0.12346, nextRatio: 0.00005 },
    } as const;
    assert.match(refusalText(refusal, english), /ratio was 12\.345% and is now 12\.346%, next ratio was 0\.004% and is now 0\.005%\.$/);
  });

  it('says so where nobody knows yet how many it moves, and speaks of no move where the ratio stays', () => {
    const moved = { users: null, requests: null };
    const unknown = previewText(preview({ kind: 'setRatio', ratio: 0.25 }, { moved }), 'users', english);
    assert.match(unknown.detail, /^How many users or requests that moves is not known yet\.$/m);
    for (const to of [null, 0.1])
      assert.doesNotMatch(previewText(preview({ kind: 'pause' }, { moved }, { to }), 'users', english).detail, /moves/i);
  });

  it('names an undo as such, and the unit where it is not users', () => {
    const text = previewText(
      preview(
        { kind: 'setRatio', ratio: 0.1 },
        { undoOf: 'a', moved: { users: null, requests: { perMinute: -240, seconds: 300 } } },
        { from: 0.25, to: 0.1 },
      ),
      'requests',
      english,
    );
    assert.equal(text.question, 'Undo your last change of fraud-model?');
    assert.match(text.detail, /Ratio: 25% → 10% of requests/);
    assert.match(text.detail, /Moves 240 requests a minute back to stable, at the traffic of the last 5 min\./);
  });
});

describe('a refusal', () => {
  it('says what was expected and what holds now', () => {
    const text = refusalText(
      {
        kind: 'conflict',
        message: message('source.refusal.conflict'),
        detail: '',
        expected: { ratio: 0.1, phase: 'gray', stepIndex: 0 },
        current: { ratio: 0.2, phase: 'gray', stepIndex: 1 },
      },
      english,
    );
    assert.equal(
      text,
      'Somebody changed the release meanwhile; nothing of yours was applied. ratio was 10% and is now 20%, step was 1 and is now 2.',
    );
  });

  it('says what the service would do by itself now', () => {
    const facts = { ratio: 0.1, pauseSeconds: 600, thenRatio: 0.5 };
    const text = refusalText(
      {
        kind: 'conflict',
        message: message('source.refusal.conflict'),
        detail: '',
        expected: facts,
        current: { ...facts, pauseSeconds: 5, thenRatio: 'full' },
      },
      english,
    );
    assert.match(text, /pause before it goes on by itself was 10 min and is now 5 s, ratio it then goes on to was 50% and is now full\./);
  });

  it('tells the present ratio where nothing moved', () => {
    const facts = { ratio: 0.1 };
    const text = refusalText(
      { kind: 'forbidden', message: message('source.refusal.forbidden'), detail: '', expected: facts, current: facts },
      english,
    );
    assert.equal(text, 'The token may not do this; nothing was changed. The ratio is 10%.');
  });
});

describe('a link', () => {
  it('names a release and nothing else', () => {
    const key = releaseKey('prod', 'a/b');
    assert.equal(keyOfPath(`/release/${key}`), key);
    for (const path of ['/release/prod', '/release/prod/fraud/rollback', '/rollback/prod/fraud', '', '/release//x'])
      assert.equal(keyOfPath(path), null, path);
  });
});
