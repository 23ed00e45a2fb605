import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeHostMessage, decodeWebviewMessage } from '../../../src/protocol/decode.ts';
import { PROTOCOL_VERSION } from '../../../src/protocol/messages.ts';
import { buildPanelMissing } from '../../../src/views/panelModel.ts';
import { aPanel, words } from '../../fakes/panel.ts';

type Plain = Record<string, unknown>;
const plain = (): Plain => structuredClone(aPanel()) as unknown as Plain;

const textOf = (input: unknown): string => {
  const decoded = decodeHostMessage(input);
  assert.ok(!decoded.ok);
  return decoded.error.kind === 'shape' ? decoded.error.text : `version ${decoded.error.got}`;
};

describe('what the host sends', () => {
  it('arrives whole after a structured clone, typed arrays and gaps included', () => {
    const sent = aPanel();
    const decoded = decodeHostMessage(structuredClone(sent));
    assert.ok(decoded.ok && decoded.value.type === 'state');
    assert.deepEqual({ ...decoded.value, labels: { ...decoded.value.labels } }, sent);
    const canary = decoded.value.charts.find((chart) => chart.metric === 'errorRate')?.columns.find((column) => column.id === 'canary');
    assert.ok(canary?.values instanceof Float64Array && canary.values.some((value) => Number.isNaN(value)));
  });
  it('of a release that is gone arrives too', () => {
    const decoded = decodeHostMessage(
      structuredClone(buildPanelMissing({ releaseKey: 'svc/x', name: 'x', source: null, builtinFailure: null }, words)),
    );
    assert.ok(decoded.ok && decoded.value.type === 'missing');
  });
  it('of another version is refused before anything of it is read', () => {
    assert.equal(
      textOf({ type: 'state', version: PROTOCOL_VERSION + 1, charts: 'in a shape of tomorrow' }),
      `version ${String(PROTOCOL_VERSION + 1)}`,
    );
    assert.match(textOf({ type: 'state' }), /\$\.version/);
  });
  it('is refused with the place of the fault', () => {
    const cases: readonly (readonly [(state: Plain) => void, RegExp])[] = [
      [(state) => (state['rangeMinutes'] = 7), /\$\.rangeMinutes: expected 15 or 60/],
      [(state) => (((state['charts'] as Plain[])[0] as Plain)['columns'] = [{}]), /\$\.charts\[0\]\.columns\[0\]\.id/],
      [
        (state) => ((((state['charts'] as Plain[])[1] as Plain)['columns'] as Plain[])[0]!['values'] = [1, 2]),
        /\$\.charts\[1\]\.columns\[0\]\.values: expected a Float64Array/,
      ],
      [
        (state) => ((((state['charts'] as Plain[])[1] as Plain)['columns'] as Plain[])[0]!['values'] = new Float64Array(3)),
        /\$\.charts\[1\]\.columns\[0\]\.values: expected 120 values, got 3/,
      ],
      [
        (state) => ((((state['charts'] as Plain[])[1] as Plain)['columns'] as Plain[])[0]!['high'] = new Float64Array(1)),
        /\.high: expected 0 or 120 values/,
      ],
      [(state) => (state['verdict'] = 'fine'), /\$\.verdict/],
    ];
    for (const [spoil, message] of cases) {
      const state = plain();
      spoil(state);
      assert.match(textOf(state), message);
    }
    for (const nonsense of [null, 7, 'state', [], { type: 5 }]) assert.ok(!decodeHostMessage(nonsense).ok);
  });
});

describe('what the page sends', () => {
  it('is read', () => {
    for (const message of [
      { type: 'ready', version: PROTOCOL_VERSION },
      { type: 'range', minutes: 0 },
      { type: 'action', command: 'rolloutLens.pause' },
      { type: 'retry' },
      { type: 'problem', text: 'x' },
    ])
      assert.deepEqual(decodeWebviewMessage(message), { ok: true, value: message });
  });
  it('is refused when it is not of the protocol', () => {
    for (const message of [{}, { type: 'toString' }, { type: 'range', minutes: 61 }, { type: 'action' }, { type: 'ready' }, null])
      assert.ok(!decodeWebviewMessage(message).ok, JSON.stringify(message));
    const old = decodeWebviewMessage({ type: 'ready', version: 0 });
    assert.ok(!old.ok && old.error.kind === 'version');
  });
});
