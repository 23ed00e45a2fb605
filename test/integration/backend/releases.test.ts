import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { call, createRelease, serve, suiteScope, temporaryFolder, until, type ReleaseJson, type Started } from './serviceProcess.ts';

interface ProblemJson {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly current?: ReleaseJson;
  readonly errors?: readonly { path: string; message: string }[];
}

const limit = { timeout: 120_000 };

const isProblem = (
  answer: { status: number; headers: Readonly<Record<string, unknown>>; body: ProblemJson },
  status: number,
  code: string,
): ProblemJson => {
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
  assert.equal(answer.body.status, status);
  assert.equal(answer.body.code, code);
  assert.ok(answer.body.title.length > 0 && answer.body.detail.length > 0);
  return answer.body;
};

describe('releases over HTTP', limit, () => {
  let service: Started;
  let ids = 0;
  const newId = (): string => `release-${String(++ids)}`;
  const scope = suiteScope();
  before(async () => {
    service = await serve(scope, temporaryFolder(scope));
  });
  const patch = (id: string, body: unknown, ifMatch?: number) =>
    call<ReleaseJson & ProblemJson>(service, `/api/v1/releases/${id}`, {
      method: 'PATCH',
      body,
      ...(ifMatch === undefined ? {} : { ifMatch }),
    });
  const act = (id: string, action: string, ifMatch: number, body: unknown = {}) =>
    call<ReleaseJson & ProblemJson>(service, `/api/v1/releases/${id}/actions/${action}`, { method: 'POST', body, ifMatch });

  it('creates in preparation without a ratio, gray with one, and lists and shows with the revision as ETag', async () => {
    const quiet = await createRelease(service, { id: newId(), name: 'quiet', service: 'shop', ratio: 0 });
    assert.deepEqual([quiet.phase, quiet.state, quiet.ratio, quiet.revision], ['preparation', 'waiting', 0, 1]);
    const gray = await createRelease(service, {
      id: newId(),
      name: 'gray',
      service: 'shop',
      ratio: 0.1,
      versions: { stable: 'v41', canary: 'v42' },
    });
    assert.deepEqual([gray.phase, gray.ratio, gray.actualRatio], ['gray', 0.1, 0.1]);
    const shown = await call<ReleaseJson>(service, `/api/v1/releases/${gray.id}`);
    assert.equal(shown.headers['etag'], '"1"');
    assert.deepEqual(shown.body, gray);
    const all = await call<{ releases: ReleaseJson[] }>(service, '/api/v1/releases');
    assert.deepEqual(
      all.body.releases.find(({ id }) => id === gray.id),
      gray,
    );
    isProblem(await call<ProblemJson>(service, '/api/v1/releases', { body: { id: gray.id, name: 'x', service: 'y' } }), 409, 'exists');
  });

  it('moves the ratio only under the revision that was read', async () => {
    const { id } = await createRelease(service, { id: newId(), name: 'n', service: 's' });
    assert.equal(isProblem(await patch(id, { ratio: 0.2 }), 428, 'preconditionRequired').current?.revision, 1);
    const moved = await patch(id, { ratio: 0.2 }, 1);
    assert.deepEqual(
      [moved.status, moved.headers['etag'], moved.body.phase, moved.body.ratio, moved.body.revision],
      [200, '"2"', 'gray', 0.2, 2],
    );
    const late = isProblem(await patch(id, { ratio: 0.9 }, 1), 412, 'revisionMoved');
    assert.deepEqual([late.current?.ratio, late.current?.revision], [0.2, 2]);
    const still = await call<ReleaseJson>(service, `/api/v1/releases/${id}`);
    assert.equal(still.body.ratio, 0.2);
  });

  it('leaves the revision alone when nothing moves', async () => {
    const { id } = await createRelease(service, { id: newId(), name: 'n', service: 's', ratio: 0.2 });
    const same = await patch(id, { ratio: 0.2 }, 1);
    assert.deepEqual([same.status, same.body.revision], [200, 1]);
  });

  it('lets exactly one of two simultaneous writers win', async () => {
    const { id } = await createRelease(service, { id: newId(), name: 'n', service: 's', ratio: 0.1 });
    const answers = await Promise.all([0.2, 0.3, 0.4, 0.5].map((ratio) => patch(id, { ratio }, 1)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 412, 412, 412]);
  });

  it('refuses a ratio that is none, an unknown field, falling steps and malformed JSON', async () => {
    const { id } = await createRelease(service, { id: newId(), name: 'n', service: 's', ratio: 0.1 });
    for (const ratio of [-0.1, 1.01, '0.5', null, true, [0.5]]) isProblem(await patch(id, { ratio }, 1), 400, 'invalid');
    isProblem(await patch(id, { ratoi: 0.5 }, 1), 400, 'invalid');
    isProblem(await patch(id, {}, 1), 400, 'invalid');
    isProblem(await patch(id, { steps: [{ ratio: 0.5 }, { ratio: 0.2 }] }, 1), 400, 'invalid');
    isProblem(
      await call<ProblemJson>(service, `/api/v1/releases/${id}`, {
        method: 'PATCH',
        body: '{"ratio":',
        headers: { 'content-type': 'application/json' },
        ifMatch: 1,
      }),
      400,
      'invalid',
    );
    isProblem(await call<ProblemJson>(service, '/api/v1/releases', { body: { name: 'no id' } }), 400, 'invalid');
    isProblem(
      await call<ProblemJson>(service, '/api/v1/releases', {
        body: `{"id":"deep","metadata":{"a":${'['.repeat(5000)}${']'.repeat(5000)}}}`,
        headers: { 'content-type': 'application/json' },
      }),
      400,
      'invalid',
    );
    isProblem(
      await call<ProblemJson>(service, '/api/v1/releases', {
        body: `{"id":"big","metadata":{"a":"${'x'.repeat(300_000)}"}}`,
        headers: { 'content-type': 'application/json' },
      }),
      413,
      'tooLarge',
    );
    isProblem(
      await call<ProblemJson>(service, `/api/v1/releases/${id}`, {
        method: 'PATCH',
        body: 'ratio: 1',
        headers: { 'content-type': 'text/yaml' },
        ifMatch: 1,
      }),
      415,
      'unsupportedMediaType',
    );
    const untouched = await call<ReleaseJson>(service, `/api/v1/releases/${id}`);
    assert.equal(untouched.body.revision, 1);
  });

  it('walks through its steps to full, and back', async () => {
    const { id } = await createRelease(service, { id: newId(), name: 'n', service: 's', steps: [{ ratio: 0.1 }, { ratio: 0.5 }] });
    const seen: unknown[] = [];
    let revision = 1;
    for (const action of ['promote', 'promote', 'pause', 'resume', 'promote', 'rollback']) {
      const { body, status } = await act(id, action, revision, { reason: `because ${action}` });
      assert.equal(status, 200, JSON.stringify(body));
      revision = body.revision;
      seen.push([action, body.phase, body.state, body.ratio, body.stepIndex]);
    }
    assert.deepEqual(seen, [
      ['promote', 'gray', 'waiting', 0.1, 0],
      ['promote', 'gray', 'waiting', 0.5, 1],
      ['pause', 'gray', 'paused', 0.5, 1],
      ['resume', 'gray', 'waiting', 0.5, 1],
      ['promote', 'full', 'completed', 1, 1],
      ['rollback', 'rolledBack', 'completed', 0, -1],
    ]);
    isProblem(await patch(id, { ratio: 0.5 }, revision), 409, 'conflict');
    isProblem(await act(id, 'promote', revision), 409, 'conflict');
    const audit = await call<{ entries: { action: string; from: number | null; to: number; reason: string | null; revision: number }[] }>(
      service,
      `/api/v1/audit?release=${id}`,
    );
    assert.deepEqual(
      audit.body.entries.map(({ action, from, to, reason, revision: r }) => [action, from, to, reason, r]),
      [
        ['create', null, 0, null, 1],
        ['promote', 0, 0.1, 'because promote', 2],
        ['promote', 0.1, 0.5, 'because promote', 3],
        ['pause', 0.5, 0.5, 'because pause', 4],
        ['resume', 0.5, 0.5, 'because resume', 5],
        ['promote', 0.5, 1, 'because promote', 6],
        ['rollback', 1, 0, 'because rollback', 7],
      ],
    );
  });

  it('promotes to full at once, refuses ratios in full, aborts from gray', async () => {
    const { id } = await createRelease(service, {
      id: newId(),
      name: 'n',
      service: 's',
      ratio: 0.1,
      steps: [{ ratio: 0.1 }, { ratio: 0.5 }],
    });
    const full = await act(id, 'promote', 1, { full: true });
    assert.deepEqual([full.body.phase, full.body.ratio], ['full', 1]);
    assert.equal(isProblem(await patch(id, { ratio: 0.5 }, 2), 409, 'conflict').current?.phase, 'full');
    isProblem(await act(id, 'abort', 2), 409, 'conflict');
    const other = await createRelease(service, { id: newId(), name: 'n', service: 's', ratio: 0.3 });
    const aborted = await act(other.id, 'abort', 1);
    assert.deepEqual([aborted.body.phase, aborted.body.state, aborted.body.ratio], ['rolledBack', 'aborted', 0]);
  });

  it('takes an action without a body', async () => {
    const { id } = await createRelease(service, { id: newId(), name: 'n', service: 's', ratio: 0.1 });
    const answer = await call<ReleaseJson>(service, `/api/v1/releases/${id}/actions/pause`, { method: 'POST', ifMatch: 1 });
    assert.deepEqual([answer.status, answer.body.state], [200, 'paused']);
  });

  it('advances timed steps by itself, and a pause stops the clock', async () => {
    const { id } = await createRelease(service, {
      id: newId(),
      name: 'n',
      service: 's',
      steps: [{ ratio: 0.1, pauseSeconds: 0.5 }, { ratio: 0.5, pauseSeconds: 3600 }, { ratio: 0.9 }],
    });
    await act(id, 'promote', 1);
    const read = async (): Promise<ReleaseJson> => (await call<ReleaseJson>(service, `/api/v1/releases/${id}`)).body;
    const advanced = await until(read, ({ stepIndex }) => stepIndex === 1);
    assert.deepEqual([advanced.ratio, advanced.state], [0.5, 'progressing']);
    assert.ok(advanced.pauseEndsAt !== null && Math.abs(advanced.pauseEndsAt - advanced.updatedAt - 3600_000) < 5);
    const paused = await act(id, 'pause', advanced.revision);
    assert.equal(paused.body.pauseEndsAt, null);
    const resumed = await act(id, 'resume', paused.body.revision);
    assert.ok(resumed.body.pauseEndsAt !== null);
    const left = resumed.body.pauseEndsAt - resumed.body.updatedAt;
    assert.ok(left > 3500_000 && left <= 3600_000, `${String(left)} ms are left of the hour`);
    const audit = await call<{ entries: { action: string; actor: string; role: string }[] }>(service, `/api/v1/audit?release=${id}`);
    assert.ok(audit.body.entries.some(({ action, actor, role }) => action === 'advance' && actor === 'service' && role === 'service'));
  });

  it('changes steps and guardrails under the same precondition', async () => {
    const { id } = await createRelease(service, { id: newId(), name: 'n', service: 's', ratio: 0.2 });
    const steps = await patch(id, { steps: [{ ratio: 0.2 }, { ratio: 0.6, pauseSeconds: 60 }] }, 1);
    assert.deepEqual([steps.body.revision, steps.body.stepIndex, steps.body.state], [2, 0, 'waiting']);
    const guarded = await patch(id, { guardrails: [{ metric: 'errorRate', limit: 0.05, action: 'abort' }] }, 2);
    assert.equal(guarded.body.revision, 3);
    isProblem(await patch(id, { guardrails: [{ metric: 'requests', limit: 1 }] }, 3), 400, 'invalid');
  });

  it('names the person in the audit', async () => {
    const id = newId();
    await call(service, '/api/v1/releases', {
      body: { id, name: 'n', service: 's', ratio: 0.1 },
      headers: { 'x-actor': encodeURIComponent('王小明') },
    });
    const audit = await call<{ entries: { actor: string; role: string }[] }>(service, `/api/v1/audit?release=${id}`);
    assert.deepEqual(
      audit.body.entries.map(({ actor, role }) => [actor, role]),
      [['王小明', 'operator']],
    );
  });

  it('answers every stranger with a problem', async () => {
    isProblem(await call<ProblemJson>(service, '/api/v1/releases/none'), 404, 'notFound');
    isProblem(await act('none', 'pause', 1), 404, 'notFound');
    isProblem(await call<ProblemJson>(service, '/nothing/here'), 404, 'notFound');
    isProblem(await call<ProblemJson>(service, '/api/v1/releases', { method: 'DELETE' }), 405, 'methodNotAllowed');
    isProblem(await call<ProblemJson>(service, '/api/v1/releases', { token: null }), 401, 'unauthorized');
    isProblem(await call<ProblemJson>(service, '/api/v1/releases', { token: 'wrong-token' }), 401, 'unauthorized');
  });
});
