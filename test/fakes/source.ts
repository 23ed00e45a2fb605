import { err, ok, type Result } from '../../src/base/result.ts';
import type { Intent, Refusal } from '../../src/model/intent.ts';
import { message } from '../../src/model/message.ts';
import type { Release } from '../../src/model/release.ts';
import type { Plan, Receipt, Source } from '../../src/sources/source.ts';

/** What a plan for setting the ratio looks like, for unit tests of what is made of plans. */
export const aPlan = (release: Release, intent: Intent, to: number | null): Plan => ({
  id: 'plan-1',
  sourceId: release.sourceId,
  releaseId: release.id,
  intent,
  target: release.id,
  revision: release.revision,
  request: { method: 'PATCH', url: 'http://localhost/api/v1/releases/fraud-model', headers: { 'If-Match': '"7"' }, body: '{"ratio":0.25}' },
  reason: null,
  facts: { ratio: release.ratio.desired },
  from: release.ratio.desired,
  to,
  goesOnTo: null,
  consequences: [],
  irreversible: [],
  dangerous: false,
  inverse: release.ratio.desired === null ? null : { kind: 'setRatio', ratio: release.ratio.desired },
});

export const aRefusal = (kind: Refusal['kind']): Refusal => ({
  kind,
  message: message('source.refusal.conflict'),
  detail: 'moved',
  expected: { ratio: 0.1 },
  current: { ratio: 0.5 },
});

/** A source that plans setRatio and answers what the test says; it counts what it was asked. */
export const fakeSource = (answer: (plan: Plan) => Result<Receipt, Refusal>) => {
  const applied: Plan[] = [];
  let refreshes = 0;
  const source: Source = {
    id: 'svc',
    kind: 'http',
    name: 'Service',
    pollIntervalMs: 5_000,
    // eslint-disable-next-line @typescript-eslint/require-await, require-yield -- a watch that never has news
    async *watch() {
      return;
    },
    refresh: () => {
      refreshes++;
    },
    history: () => Promise.reject(new Error('not asked in this test')),
    evidence: () => Promise.reject(new Error('not asked in this test')),
    plan: (release, intent) =>
      Promise.resolve(intent.kind === 'setRatio' ? ok(aPlan(release, intent, intent.ratio)) : err(aRefusal('unsupported'))),
    reaches: (url) => url.startsWith('http://localhost/'),
    withReason: (plan, reason) => ({ ...plan, reason }),
    apply: (plan) => {
      applied.push(plan);
      return Promise.resolve(answer(plan));
    },
    assignment: () => Promise.reject(new Error('not asked in this test')),
  };
  return { source, applied, refreshes: () => refreshes };
};
