import assert from 'node:assert/strict';
import { describe, it, mock, type TestContext } from 'node:test';
import { Emitter } from '../../../src/base/emitter.ts';
import { err, ok, type Result } from '../../../src/base/result.ts';
import { message } from '../../../src/model/message.ts';
import type { History } from '../../../src/model/series.ts';
import { PROTOCOL_VERSION, type HostMessage, type PanelState } from '../../../src/protocol/messages.ts';
import type { SourceError } from '../../../src/sources/source.ts';
import type { State } from '../../../src/store/state.ts';
import { PanelSession } from '../../../src/views/panelSession.ts';
import { abilities } from '../../fakes/releases.ts';
import { aHistory, aReleaseState, aSource, NOW, words } from '../../fakes/panel.ts';

const READY = { type: 'ready', version: PROTOCOL_VERSION };
const failure: SourceError = {
  type: 'error',
  sourceId: 'svc',
  kind: 'timeout',
  at: NOW,
  message: message('too slow'),
  detail: 'after 10 s',
};

interface Read {
  readonly reject: (fault: Error) => void;
  readonly from: number;
  readonly to: number;
  readonly signal: AbortSignal;
  readonly answer: (result: Result<History, SourceError>) => Promise<void>;
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

const start = (t: TestContext, releases = [aReleaseState()]) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const changed = new Emitter<State>();
  const world = {
    now: NOW,
    state: { sources: [aSource()], releases: new Map(releases.map((state) => [state.key, state])), builtinFailure: null } as State,
    posted: [] as HostMessage[],
    reads: [] as Read[],
    ran: [] as string[],
    logged: [] as string[],
    reloads: 0,
    undoable: false,
  };
  const session = new PanelSession({
    key: aReleaseState().key,
    rangeMinutes: 60,
    name: null,
    store: {
      get state() {
        return world.state;
      },
      onDidChange: changed.event,
    },
    words,
    undoable: () => world.undoable,
    loadHistory: (_, from, to, __, signal) =>
      new Promise((resolve, reject) => {
        world.reads.push({
          reject,
          from,
          to,
          signal,
          answer: async (result) => {
            resolve(result);
            await settle();
          },
        });
      }),
    now: () => world.now,
    post: (posted) => world.posted.push(posted),
    run: (command) => world.ran.push(command),
    reload: () => world.reloads++,
    log: (text) => world.logged.push(text),
  });
  t.after(() => {
    session.dispose();
    mock.timers.reset();
  });
  const last = (): PanelState => {
    const posted = world.posted.at(-1);
    assert.ok(posted?.type === 'state');
    return posted;
  };
  const read = (index: number): Read => {
    const found = world.reads[index];
    assert.ok(found, `read ${String(index)}`);
    return found;
  };
  const fire = () => {
    changed.fire(world.state);
  };
  const change = () => {
    fire();
    mock.timers.tick(200);
  };
  return { world, session, last, read, fire, change };
};

describe('an open panel', () => {
  it('sends nothing before the page is ready, then everything, then the charts', async (t) => {
    const { world, session, last, read, change } = start(t);
    change();
    assert.deepEqual([world.posted.length, world.reads.length], [0, 0]);
    session.receive(READY);
    assert.equal(last().history.status, 'loading');
    assert.equal(last().charts.length, 0);
    await read(0).answer(ok(aHistory()));
    assert.equal(last().history.status, 'ready');
    assert.equal(last().charts.length, 8);
  });

  it('offers an undo as soon as there is one, and only then runs it', (t) => {
    const { world, session, last } = start(t, [aReleaseState({}, { abilities: abilities('setRatio', 'undo') })]);
    const offered = (): boolean => last().actions.some(({ command, enabled }) => command === 'rolloutLens.undo' && enabled);
    const press = { type: 'action', version: PROTOCOL_VERSION, command: 'rolloutLens.undo' };
    session.receive(READY);
    session.receive(press);
    assert.deepEqual([offered(), world.ran], [false, []]);
    world.undoable = true;
    session.update();
    mock.timers.tick(200);
    session.receive(press);
    assert.deepEqual([offered(), world.ran], [true, ['rolloutLens.undo']]);
  });

  it('sends many changes of the store as one', async (t) => {
    const { world, session, read, fire } = start(t);
    session.receive(READY);
    await read(0).answer(ok(aHistory()));
    const before = world.posted.length;
    for (let i = 0; i < 20; i++) fire();
    assert.equal(world.posted.length, before);
    mock.timers.tick(200);
    assert.equal(world.posted.length, before + 1);
  });

  it('reads again when a step is complete or the ratio moved, and not otherwise', async (t) => {
    const { world, session, read, change } = start(t);
    session.receive(READY);
    await read(0).answer(ok(aHistory()));
    change();
    assert.equal(world.reads.length, 1);
    world.now += 30_000;
    change();
    assert.equal(world.reads.length, 2);
    await read(1).answer(ok(aHistory()));
    const moved = aReleaseState({}, { revision: '8' });
    world.state = { ...world.state, releases: new Map([[moved.key, moved]]) };
    change();
    assert.equal(world.reads.length, 3);
  });

  it('reads again with newer evidence, since late measurements belong to steps long past, but not all the time', async (t) => {
    const { world, session, read, change } = start(t);
    session.receive(READY);
    await read(0).answer(ok(aHistory()));
    const measure = () => {
      const measured = aReleaseState();
      world.state = { ...world.state, releases: new Map([[measured.key, measured]]) };
      change();
    };
    world.now += 1000;
    measure();
    assert.equal(world.reads.length, 1);
    world.now += 4000;
    measure();
    assert.equal(world.reads.length, 2);
  });

  it('shows another range only with its own data: the old read is aborted and its answer ignored', async (t) => {
    const { world, session, last, read } = start(t);
    session.receive(READY);
    session.receive({ type: 'range', minutes: 360 });
    assert.ok(read(0).signal.aborted);
    assert.equal(last().rangeMinutes, 360);
    assert.equal(read(1).to - read(1).from, 360 * 60_000);
    await read(0).answer(ok(aHistory()));
    assert.equal(last().history.status, 'loading');
    await read(1).answer(ok(aHistory(180, 120_000)));
    assert.equal(last().history.status, 'ready');
    assert.equal(world.reads.length, 2);
  });

  it('keeps the charts when a read fails, says why, and tries again after a while or when asked', async (t) => {
    const { world, session, last, read, change } = start(t);
    session.receive(READY);
    await read(0).answer(ok(aHistory()));
    world.now += 30_000;
    change();
    await read(1).answer(err(failure));
    assert.deepEqual(last().history, { status: 'failed', text: 'too slow' });
    assert.equal(last().charts.length, 8);
    change();
    assert.equal(world.reads.length, 2);
    world.now += 5000;
    change();
    assert.equal(world.reads.length, 3);
    await read(2).answer(err(failure));
    session.receive({ type: 'retry' });
    assert.equal(world.reads.length, 4);
    assert.ok(world.logged.some((text) => text.includes('after 10 s')));
  });

  it('says in words that reading failed by a fault of ours, and the log has the rest', async (t) => {
    const { world, session, last, read } = start(t);
    session.receive(READY);
    read(0).reject(new Error('a bug'));
    await settle();
    const { status, text } = last().history;
    assert.deepEqual([status, text], ['failed', 'source.error.fault']);
    assert.match(world.logged.join(), /a bug\n/);
  });

  it('sends nothing while it is hidden, and everything when it is back', async (t) => {
    const { world, session, last, read, change } = start(t);
    session.receive(READY);
    session.hide();
    assert.ok(read(0).signal.aborted);
    const before = world.posted.length;
    change();
    assert.equal(world.posted.length, before);
    session.receive(READY);
    await read(1).answer(ok(aHistory()));
    assert.equal(last().charts.length, 8);
  });

  it('runs only what it has offered', (t) => {
    const { world, session } = start(t);
    session.receive(READY);
    session.receive({ type: 'action', command: 'rolloutLens.pause' });
    session.receive({ type: 'action', command: 'rolloutLens.resume' });
    session.receive({ type: 'action', command: 'workbench.action.quit' });
    assert.deepEqual(world.ran, ['rolloutLens.resume']);
    assert.equal(world.logged.filter((text) => text.includes('not offered')).length, 2);
  });

  it('says that a release is not known, and shows it when it comes', (t) => {
    const { world, session, change } = start(t, []);
    session.receive(READY);
    assert.equal(world.posted.at(-1)?.type, 'missing');
    const state = aReleaseState();
    world.state = { ...world.state, releases: new Map([[state.key, state]]) };
    change();
    assert.equal(world.posted.at(-1)?.type, 'state');
  });

  it('of a source that fails runs what helps, with and without the release', (t) => {
    for (const releases of [[], [aReleaseState()]]) {
      const { world, session } = start(t, releases);
      world.state = { ...world.state, sources: [aSource({ status: 'failed', error: { ...failure, kind: 'unauthorized' } })] };
      session.receive(READY);
      session.receive({ type: 'action', command: 'rolloutLens.enterToken' });
      session.receive({ type: 'action', command: 'rolloutLens.retry' });
      session.receive({ type: 'action', command: 'rolloutLens.startBuiltin' });
      assert.deepEqual(world.ran, ['rolloutLens.enterToken', 'rolloutLens.retry']);
      mock.timers.reset();
    }
  });

  it('keeps the name of a release whose source is gone', (t) => {
    const { world, session, change } = start(t, [aReleaseState({}, { name: 'Fraud model' })]);
    session.receive(READY);
    world.state = { ...world.state, sources: [], releases: new Map() };
    change();
    assert.deepEqual([world.posted.at(-1)?.type, world.posted.at(-1)?.title], ['missing', 'Fraud model']);
  });

  it('loads a page of another version again, once', (t) => {
    const { world, session } = start(t);
    session.receive({ type: 'ready', version: 99 });
    session.receive({ type: 'ready', version: 99 });
    assert.deepEqual([world.reloads, world.posted.length], [1, 0]);
    assert.equal(world.logged.length, 1);
  });

  it('reads and sends nothing more when it is disposed', async (t) => {
    const { world, session, read, change } = start(t);
    session.receive(READY);
    session.dispose();
    assert.ok(read(0).signal.aborted);
    const before = world.posted.length;
    change();
    await read(0).answer(ok(aHistory()));
    assert.equal(world.posted.length, before);
  });
});
