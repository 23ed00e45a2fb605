import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { ActionsWorld } from '../actions/ports.ts';
import type { ReleaseContext } from '../actions/preview.ts';
import type { AbortSignalLike } from '../base/abort.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { ReleaseKey } from '../model/release.ts';
import { releaseOf, sourceOf } from '../store/select.ts';
import type { State } from '../store/state.ts';
import type { Store } from '../store/store.ts';
import type { Monitor } from './monitor.ts';

const contextOf = (state: State, key: ReleaseKey): ReleaseContext | undefined => {
  const known = releaseOf(state, key);
  if (!known) return undefined;
  const source = sourceOf(state, known.release.sourceId);
  return {
    release: known.release,
    evidence: known.evidence,
    history: known.history,
    assessment: known.assessment,
    dataAt: source?.lastSuccessAt ?? null,
    live: source?.status === 'connected',
  };
};

/** True once `when` holds, false after the time or abort. */
const seenIn = (
  store: Store,
  key: ReleaseKey,
  when: (context: ReleaseContext) => boolean,
  timeoutMs: number,
  signal: AbortSignalLike,
): Promise<boolean> =>
  new Promise((resolve) => {
    const holds = (): boolean => {
      const context = contextOf(store.state, key);
      return context !== undefined && when(context);
    };
    if (signal.aborted || holds()) {
      resolve(!signal.aborted);
      return;
    }
    const finish = (answer: boolean): void => {
      clearTimeout(timer);
      listener.dispose();
      signal.removeEventListener('abort', onAbort);
      resolve(answer);
    };
    const onAbort = (): void => finish(false);
    const timer = setTimeout(() => finish(false), timeoutMs);
    const listener = store.onDidChange(() => {
      if (holds()) finish(true);
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });

/** The name the operating system knows the person by; some containers have none. */
export const personName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
};

/** What actions see of store, sources and system. */
export const createActionsWorld = (deps: { store: Store; monitor: Monitor; clock: Clock; log: Log }): ActionsWorld => ({
  source: (sourceId) => deps.monitor.source(sourceId),
  context: (key) => contextOf(deps.store.state, key),
  requested: (key, from, to) => deps.store.dispatch({ type: 'ratioRequested', key, pending: { from, to, at: deps.clock.now() } }),
  settled: (key) => deps.store.dispatch({ type: 'ratioSettled', key }),
  seen: (key, when, timeoutMs, signal) => seenIn(deps.store, key, when, timeoutMs, signal),
  who: personName,
  newId: randomUUID,
  problem: (detail) => deps.log.error(detail),
});
