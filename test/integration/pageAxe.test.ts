/** Every face of the panel, in every kind of theme: axe finds nothing, the page keeps its policy, and nothing goes wrong in it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { message } from '../../src/model/message.ts';
import type { Release } from '../../src/model/release.ts';
import type { HostMessage } from '../../src/protocol/messages.ts';
import type { ReleaseState } from '../../src/store/state.ts';
import { buildPanelMissing, type PanelInput } from '../../src/views/panelModel.ts';
import { aHistory, aPanel, aReleaseState, aSource, aVerdict, chineseWords, MINUTE, NOW, words } from '../fakes/panel.ts';
import { THEMES } from './pageHost.ts';
import { pageSession } from './pageSession.ts';

const { showing } = pageSession();

const withRelease = (changes: Partial<Release>, state: Partial<ReleaseState> = {}): HostMessage =>
  aPanel({ state: aReleaseState(state, changes) });
const judged = (changes: Partial<ReturnType<typeof aVerdict>>, rest: Partial<PanelInput> = {}): HostMessage => {
  const state = aReleaseState();
  return aPanel({ state: { ...state, assessment: { ...aVerdict(state.release), ...changes } }, ...rest });
};
const failure = { type: 'error', sourceId: 'svc', at: NOW, detail: '' } as const;
const missing = (source: ReturnType<typeof aSource> | null, builtinFailure: string | null = null): HostMessage =>
  buildPanelMissing({ releaseKey: 'svc/fraud-model', name: 'fraud-model', source, builtinFailure }, words);
const LOG: Partial<Release> = {
  owner: { kind: 'logs', name: 'Access logs' },
  ratio: { unit: 'requests', desired: null, actual: 0.1, since: null },
  steps: [],
  stepIndex: -1,
  simulated: false,
  updatedAt: NOW - 3000,
};
const cannot = { can: false, why: message('nobody here holds the ratio') } as const;
const noAbilities = Object.fromEntries(
  Object.keys(aReleaseState().release.abilities).map((kind) => [kind, cannot]),
) as Release['abilities'];

const STATES: Readonly<Record<string, () => HostMessage>> = {
  regressing: () => aPanel(),
  healthy: () => judged({ verdict: 'healthy', worst: null, anomalies: [], caveats: [] }),
  'not enough data': () => judged({ verdict: 'inconclusive', worst: null }),
  'not judged yet': () => withRelease({}, { assessment: null }),
  waiting: () => withRelease({ state: 'waiting' }),
  paused: () => withRelease({ state: 'paused', pauseLeftMs: 4 * MINUTE }),
  'pausing by itself': () => withRelease({ pauseEndsAt: NOW + 4 * MINUTE }),
  degraded: () => withRelease({ state: 'degraded' }),
  full: () => withRelease({ phase: 'full', state: 'completed', stepIndex: 2, ratio: { unit: 'users', desired: 1, actual: 1, since: NOW } }),
  'rolled back': () => withRelease({ phase: 'rolledBack', state: 'aborted', ratio: { unit: 'users', desired: 0, actual: 0, since: NOW } }),
  'asked for and not seen yet': () => withRelease({}, { pending: { from: 0.1, to: 0.5, at: NOW } }),
  'of a log': () => withRelease({ ...LOG, abilities: noAbilities }),
  'of a log that is quiet': () => withRelease({ ...LOG, abilities: noAbilities, updatedAt: NOW - 5 * MINUTE }),
  'of a log that ended': () => judged({ to: NOW - 24 * 60 * MINUTE }),
  'without an answer for a while': () => aPanel({ source: aSource({ status: 'stale', lastSuccessAt: NOW - 40_000 }) }),
  'of a source that fails': () =>
    aPanel({
      source: aSource({ status: 'failed', error: { ...failure, kind: 'unauthorized', message: message('the token is not accepted') } }),
    }),
  'not measured': () =>
    withRelease({}, { measureError: { at: NOW, since: NOW - MINUTE, message: message('the metrics took longer than 10 s') } }),
  'reading a range': () => aPanel({ history: null, historyStatus: { status: 'loading', text: null } }),
  'a range that cannot be read': () => aPanel({ historyStatus: { status: 'failed', text: 'Measurements took longer than 10 s.' } }),
  'without measurements': () => aPanel({ history: { ...aHistory(), series: [] }, state: aReleaseState({ assessment: null }) }),
  'catching up': () => aPanel({ coverage: { until: NOW - 20 * MINUTE, catchingUp: true } }),
  'in Chinese': () => aPanel({}, chineseWords),
  gone: () => missing(aSource()),
  'gone while its source connects': () => missing(aSource({ status: 'connecting' })),
  'of a stopped service': () => missing(null, 'port 1 is taken'),
};

describe('every face of the panel', () => {
  for (const theme of THEMES)
    it(`is accessible in ${theme}`, { timeout: 150_000 }, async (t) => {
      const opened = await showing(t, aPanel(), { theme });
      if (!opened) return;
      for (const [name, make] of Object.entries(STATES)) {
        await opened.send(make());
        for (const summary of await opened.page.locator('details:not([open]) > summary:visible').all()) await summary.click();
        assert.deepEqual(await opened.axe(), [], name);
      }
      assert.deepEqual(await opened.violations(), []);
      assert.deepEqual(
        (await opened.sent()).filter(({ type }) => type === 'problem'),
        [],
      );
    });
});
