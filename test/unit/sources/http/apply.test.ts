import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import type { Clock } from '../../../../src/base/clock.ts';
import { SILENT_LOG } from '../../../../src/base/log.ts';
import type { Result } from '../../../../src/base/result.ts';
import type { Refusal } from '../../../../src/model/intent.ts';
import { createHttpSource } from '../../../../src/sources/http/httpSource.ts';
import { toRelease } from '../../../../src/sources/http/toRelease.ts';
import { decodeRelease } from '../../../../src/sources/http/wire.ts';
import { translate } from '../../../../src/platform/translate.ts';
import type { Receipt } from '../../../../src/sources/source.ts';
import { createTransport } from '../../../../src/sources/transport.ts';
import { english } from '../../../fakes/english.ts';
import { flaskError, json, serve, type FakeServer } from '../../../fakes/httpServer.ts';
import { wireRelease } from '../../../fakes/wireRelease.ts';

const LIMIT = { timeout: 20_000 };
const never = new AbortController().signal;

/** Time that passes by itself while somebody waits, so that patience costs nothing; the machine's clock is set back all the while. */
const fastClock = (): Clock => {
  let passed = 0;
  return {
    now: () => 1_000_000 - passed,
    elapsed: () => passed,
    delay: async (ms, signal) => {
      // A long wait is a deadline, which no test here reaches.
      if (ms >= 5_000) return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      await new Promise(setImmediate);
      passed += ms;
    },
  };
};

type Answer = (response: ServerResponse, ifMatch: string) => void;

/** Applies "set ratio to 0.2", planned at revision 7, against a service that answers as told. */
const apply = async (
  t: TestContext,
  script: { readonly read: Answer; readonly write: Answer; readonly audit?: Answer },
): Promise<{ readonly result: Result<Receipt, Refusal>; readonly server: FakeServer; readonly sent: string[] }> => {
  const sent: string[] = [];
  const server = await serve((request, response) => {
    const ifMatch = request.headers['if-match'] ?? '';
    if (request.method === 'PATCH') {
      sent.push(ifMatch);
      request.resume().on('end', () => script.write(response, ifMatch));
    } else if (request.url?.startsWith('/api/v1/audit') === true) (script.audit ?? ((r) => json(r, { entries: [] })))(response, '');
    else script.read(response, '');
  });
  t.after(() => server.close());
  const clock = fastClock();
  const transport = createTransport({ proxy: null, ca: [], strictSSL: true, log: SILENT_LOG, clock });
  t.after(() => transport.dispose());
  const common = { id: 'svc', name: 'Mei’s service', url: server.url, transport, clock, log: SILENT_LOG, actor: 'mei' };
  const source = createHttpSource({ ...common, getToken: () => Promise.resolve('t'), pollIntervalMs: 1_000 });
  const wire = decodeRelease(wireRelease());
  assert.ok(wire.ok);
  const plan = await source.plan(toRelease(wire.value, 'svc', 'S', null), { kind: 'setRatio', ratio: 0.2 }, never);
  assert.ok(plan.ok);
  return { result: await source.apply(plan.value, never), server, sent };
};

const refusalOf = (result: Result<Receipt, Refusal>): Refusal => {
  assert.ok(!result.ok, JSON.stringify(result));
  return result.error;
};
const reads =
  (changes: Readonly<Record<string, unknown>> = {}): Answer =>
  (response) =>
    json(response, wireRelease(changes));

describe('apply: the revision as precondition', () => {
  it('sends the revision it has just read', LIMIT, async (t) => {
    const { result, sent } = await apply(t, { read: reads({ revision: 12 }), write: reads({ revision: 13, ratio: 0.2 }) });
    assert.ok(result.ok);
    assert.deepEqual([sent, result.value.revision], [['"12"'], '13']);
  });

  const after = (seconds: number | null): Record<string, unknown> => ({
    revision: 9,
    steps: [
      { ratio: 0.1, pauseSeconds: null },
      { ratio: 0.2, pauseSeconds: seconds },
      { ratio: 0.8, pauseSeconds: null },
    ],
  });
  for (const seconds of [5, null]) {
    it(`sends nothing when what the service then does by itself moved: a pause of 600 s is now ${String(seconds)}`, LIMIT, async (t) => {
      const { result, sent } = await apply(t, { read: reads(after(seconds)), write: reads() });
      const { kind, expected, current } = refusalOf(result);
      assert.deepEqual([kind, expected?.['pauseSeconds'], current?.['pauseSeconds'], sent], ['conflict', 600, seconds, []]);
    });
  }

  it('sends when only what the preview did not speak of moved', LIMIT, async (t) => {
    const steps = [...(after(600)['steps'] as object[]).slice(0, 2), { ratio: 0.8, pauseSeconds: 60 }];
    const { result, sent } = await apply(t, { read: reads({ revision: 9, steps }), write: reads({ revision: 10, ratio: 0.2 }) });
    assert.ok(result.ok, JSON.stringify(result));
    assert.deepEqual(sent, ['"9"']);
  });

  it('sends at most three times while only the revision moves', LIMIT, async (t) => {
    let revision = 7;
    const { result, sent } = await apply(t, {
      read: (response) => json(response, wireRelease({ revision })),
      write: (response) => json(response, { title: 'Precondition Failed', current: wireRelease({ revision: ++revision }) }, 412),
    });
    assert.deepEqual(sent, ['"7"', '"8"', '"9"']);
    assert.deepEqual([refusalOf(result).kind, refusalOf(result).message.key], ['conflict', 'source.refusal.busy']);
  });

  it('stops at once when a fact moved, also when the 412 does not say what holds now', LIMIT, async (t) => {
    let ratio = 0.1;
    const { result, sent } = await apply(t, {
      read: (response) => json(response, wireRelease({ ratio })),
      write: (response) => {
        ratio = 0.3;
        flaskError(response, 412, 'Precondition Failed');
      },
    });
    assert.equal(sent.length, 1);
    const refusal = refusalOf(result);
    assert.deepEqual([refusal.kind, refusal.expected?.['ratio'], refusal.current?.['ratio']], ['conflict', 0.1, 0.3]);
    assert.equal(refusal.message.key, 'source.refusal.conflict');
  });

  const told: readonly [Record<string, unknown>, key: string][] = [
    [{ actor: 'lei', role: 'operator', reason: null }, 'source.refusal.conflictBy'],
    [{ actor: 'lei', role: 'operator', reason: 'errors rise' }, 'source.refusal.conflictByWhy'],
    [{ actor: 'service', role: 'service', reason: null }, 'source.refusal.conflictService'],
    [{ actor: 'service', role: 'service', reason: 'errorRate 9 %' }, 'source.refusal.conflictServiceWhy'],
  ];
  for (const [entry, key] of told) {
    it(`tells who was faster, by the audit: ${key}`, LIMIT, async (t) => {
      const { result, sent } = await apply(t, {
        read: reads({ revision: 9, ratio: 0.3 }),
        write: reads(),
        audit: (response) => {
          const common = { time: Date.now(), action: 'setRatio', from: 0.1, to: 0.3 };
          const older = { ...common, actor: 'older', role: 'operator', reason: null, revision: 8 };
          json(response, { entries: [older, { ...common, ...entry, revision: 9 }] });
        },
      });
      const { kind, message: said, current } = refusalOf(result);
      assert.deepEqual([kind, said.key, current?.['ratio'], sent.length], ['conflict', key, 0.3, 0]);
      if (entry['role'] === 'operator') assert.equal(said.args['actor'], 'lei');
      if (entry['reason'] !== null) assert.equal(said.args['reason'], entry['reason']);
    });
  }

  it('is a plain conflict where the audit cannot be read', LIMIT, async (t) => {
    const { result } = await apply(t, {
      read: reads({ revision: 9, ratio: 0.3 }),
      write: reads(),
      audit: (response) => json(response, {}, 403),
    });
    assert.equal(refusalOf(result).message.key, 'source.refusal.conflict');
  });
});

describe('apply: an answer that does not say whether it was done', () => {
  const answers: readonly [name: string, write: Answer][] = [
    ['303 to another address', (response) => void response.writeHead(303, { location: '/elsewhere' }).end()],
    ['302 to another host', (response) => void response.writeHead(302, { location: 'https://login.example/' }).end()],
    ['300 without an address', (response) => void response.writeHead(300).end()],
    ['408', (response) => json(response, { title: 'Request Timeout' }, 408)],
  ];
  for (const [name, answer] of answers) {
    it(`${name}: the release is read, and what was carried out is told as done`, LIMIT, async (t) => {
      let done = false;
      const { result, sent } = await apply(t, {
        read: (response) => json(response, wireRelease(done ? { revision: 8, ratio: 0.2 } : {})),
        write: (response, ifMatch) => {
          done = true;
          answer(response, ifMatch);
        },
        audit: (response) => {
          const entry = {
            time: Date.now(),
            actor: 'mei',
            role: 'operator',
            action: 'setRatio',
            from: 0.1,
            to: 0.2,
            reason: null,
            revision: 8,
          };
          json(response, { entries: done ? [entry] : [] });
        },
      });
      assert.ok(result.ok, JSON.stringify(result));
      assert.deepEqual([result.value.revision, sent.length], ['8', 1]);
    });

    it(`${name}: where nothing shows, nobody says that nothing was changed`, LIMIT, async (t) => {
      const { result } = await apply(t, { read: reads(), write: answer });
      assert.deepEqual([refusalOf(result).kind, refusalOf(result).message.key], ['unknownOutcome', 'source.refusal.lostNoEffect']);
    });
  }
});

describe('apply: refusals in plain words', () => {
  const cases: readonly [status: number, kind: Refusal['kind'], key: string][] = [
    [400, 'invalid', 'source.refusal.invalid'],
    [401, 'unauthorized', 'source.refusal.unauthorized'],
    [403, 'forbidden', 'source.refusal.forbidden'],
    [404, 'gone', 'source.refusal.gone'],
    [409, 'conflict', 'source.refusal.state'],
    [428, 'preconditionRequired', 'source.refusal.precondition'],
    [507, 'unreachable', 'source.refusal.server'],
  ];
  for (const [status, kind, key] of cases) {
    it(`${status} is ${kind}, with the current value and what the service said`, LIMIT, async (t) => {
      const { result, sent } = await apply(t, {
        read: reads(),
        write: (response) => json(response, { title: 'No', detail: 'because so' }, status),
      });
      const refusal = refusalOf(result);
      assert.deepEqual([refusal.kind, refusal.message.key, refusal.current?.['ratio'], sent.length], [kind, key, 0.1, 1]);
      assert.match(refusal.detail, /because so/);
    });
  }

  const unread: readonly [name: string, read: Answer, key: string][] = [
    ['a connection that is cut', (response) => void response.socket?.destroy(), 'source.refusal.unreachable'],
    ['a service that fails', (response) => flaskError(response, 503, 'Service Unavailable'), 'source.refusal.server'],
    ['a page', (response) => void response.writeHead(200).end('<html>'), 'source.error.notJson'],
  ];
  for (const [name, read, key] of unread) {
    it(`before it: ${name}. Nothing is sent, and the source is named as the person did`, LIMIT, async (t) => {
      const { result, sent, server } = await apply(t, { read, write: reads() });
      const refusal = refusalOf(result);
      const text = translate(refusal.message, english);
      assert.deepEqual([refusal.message.key, sent], [key, []]);
      assert.match(text, /\bMei’s service\b/);
      assert.ok(!text.includes(server.url) && !text.includes('/api/'), text);
      // The address is for the output channel.
      if (key !== 'source.refusal.unreachable') assert.match(refusal.detail, /\/api\/v1\/releases\/fraud-model/);
    });
  }

  it('a release that is gone is told before anything is sent', LIMIT, async (t) => {
    const { result, sent } = await apply(t, { read: (response) => json(response, { title: 'Not Found' }, 404), write: reads() });
    assert.deepEqual([refusalOf(result).kind, sent], ['gone', []]);
  });
});

describe('apply: an answer that is none', () => {
  const lost: readonly [name: string, write: Answer][] = [
    ['a cut connection', (response) => void response.socket?.destroy()],
    ['a 500 page', (response) => flaskError(response, 500, 'Internal Server Error')],
    ['a 502 of a proxy', (response) => void response.writeHead(502).end()],
    ['a page instead of the release', (response) => void response.writeHead(200).end('<html>')],
  ];
  const entry = (changes: Readonly<Record<string, unknown>>): Answer => {
    const mine = { time: 3_000, actor: 'mei', role: 'operator', action: 'setRatio', from: 0.1, to: 0.2, reason: null, revision: 8 };
    return (response) => json(response, { entries: [{ ...mine, ...changes }] });
  };

  for (const [name, write] of lost) {
    it(`${name}: sent once, and known as done when the audit shows it`, LIMIT, async (t) => {
      let written = false;
      const { result, sent } = await apply(t, {
        read: (response) => json(response, wireRelease(written ? { revision: 8, ratio: 0.2 } : {})),
        write: (response, ifMatch) => {
          written = true;
          write(response, ifMatch);
        },
        audit: entry({}),
      });
      assert.ok(result.ok, JSON.stringify(result));
      assert.deepEqual([sent.length, result.value.revision, result.value.release.ratio.desired], [1, '8', 0.2]);
    });

    it(`${name}: sent once, and told as without effect when nothing moved`, LIMIT, async (t) => {
      const { result, sent } = await apply(t, { read: reads(), write });
      const refusal = refusalOf(result);
      assert.deepEqual(
        [refusal.kind, refusal.message.key, refusal.current?.['ratio'], sent.length],
        ['unknownOutcome', 'source.refusal.lostNoEffect', 0.1, 1],
      );
    });
  }

  for (const theirs of [{ actor: 'lei', to: 0.5 }, { actor: 'lei' }, { action: 'promote' }]) {
    it(`is a conflict when somebody else was let through instead: ${JSON.stringify(theirs)}`, LIMIT, async (t) => {
      const ratio = theirs.to ?? 0.2;
      let written = false;
      const { result } = await apply(t, {
        read: (response) => json(response, wireRelease(written ? { revision: 8, ratio } : {})),
        write: (response) => {
          written = true;
          response.socket?.destroy();
        },
        audit: entry(theirs),
      });
      assert.deepEqual([refusalOf(result).kind, refusalOf(result).current?.['ratio']], ['conflict', ratio]);
    });
  }

  it('says what can be seen when there is no audit to read', LIMIT, async (t) => {
    let written = false;
    const { result } = await apply(t, {
      read: (response) => json(response, wireRelease(written ? { revision: 8, ratio: 0.2 } : {})),
      write: (response) => {
        written = true;
        response.socket?.destroy();
      },
      audit: (response) => json(response, {}, 404),
    });
    assert.deepEqual([refusalOf(result).kind, refusalOf(result).message.key], ['unknownOutcome', 'source.refusal.lostTookEffect']);
  });

  it('does not claim the move of somebody unknown', LIMIT, async (t) => {
    let written = false;
    const { result } = await apply(t, {
      read: (response) => json(response, wireRelease(written ? { revision: 8, ratio: 0.5 } : {})),
      write: (response) => {
        written = true;
        response.socket?.destroy();
      },
      audit: (response) => json(response, {}, 404),
    });
    assert.deepEqual([refusalOf(result).message.key, refusalOf(result).current?.['ratio']], ['source.refusal.lostMoved', 0.5]);
  });

  it('waits for a service that is restarting before it says anything', LIMIT, async (t) => {
    let down = 0;
    let written = false;
    const { result } = await apply(t, {
      read: (response) => {
        if (written && down++ < 6) response.socket?.destroy();
        else json(response, wireRelease(written ? { revision: 8, ratio: 0.2 } : {}));
      },
      write: (response) => {
        written = true;
        response.socket?.destroy();
      },
      audit: entry({}),
    });
    assert.ok(result.ok, JSON.stringify(result));
  });

  it('says that nobody knows when it cannot be read any more', LIMIT, async (t) => {
    let written = false;
    const { result, sent } = await apply(t, {
      read: (response) => (written ? response.socket?.destroy() : json(response, wireRelease())),
      write: (response) => {
        written = true;
        response.socket?.destroy();
      },
    });
    assert.deepEqual([refusalOf(result).message.key, refusalOf(result).current, sent.length], ['source.refusal.lostUnknown', null, 1]);
  });
});
