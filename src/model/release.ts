import type { Message } from './message.ts';

export const PHASES = ['preparation', 'gray', 'full', 'rolledBack'] as const;
export type Phase = (typeof PHASES)[number];

/** What goes on within a phase. */
export const RELEASE_STATES = ['progressing', 'waiting', 'analysing', 'paused', 'degraded', 'completed', 'aborted'] as const;
export type ReleaseStatus = (typeof RELEASE_STATES)[number];

export type VariantRole = 'stable' | 'canary';

/** Of what the ratio is a share. */
export type RatioUnit = 'users' | 'requests' | 'replicas';

/** A step sets the ratio, then pauses: for seconds, or until a person goes on (`null`). */
export interface Step {
  readonly ratio: number;
  readonly pauseSeconds: number | null;
}

export interface Ratio {
  readonly unit: RatioUnit;
  /** What the owner wants, 0..1; null where nobody holds a ratio (a release seen only in logs). */
  readonly desired: number | null;
  /** What the backend says is in force, 0..1; null where it does not say. */
  readonly actual: number | null;
  /** Since when the desired ratio (else the actual one) has held, epoch milliseconds; null when unknown. */
  readonly since: number | null;
}

/** Who holds the ratio. Without an owner nothing can be changed. */
export interface Owner {
  readonly kind: 'service' | 'logs' | 'controller';
  readonly name: string;
}

export const INTENT_KINDS = [
  'setRatio',
  'nextStep',
  'jumpToStep',
  'promote',
  'promoteFull',
  'pause',
  'resume',
  'abort',
  'retry',
  'rollback',
  'undo',
  'restart',
] as const;
export type IntentKind = (typeof INTENT_KINDS)[number];

/** Whether an act can be done on this release now, else why not. */
export type Ability = { readonly can: true } | { readonly can: false; readonly why: Message };

/** One attempt to replace one stable version by one canary in one place. It keeps its id for its life. */
export interface Release {
  /** Unique within its source. */
  readonly id: string;
  readonly sourceId: string;
  readonly name: string;
  readonly service: string;
  readonly phase: Phase;
  readonly state: ReleaseStatus;
  readonly ratio: Ratio;
  readonly steps: readonly Step[];
  /** Index into steps of the step in force; -1 before the first. */
  readonly stepIndex: number;
  /** When the pause of the current step or the state began, epoch milliseconds; null when unknown. */
  readonly stateSince: number | null;
  /** When the backend goes on to the next step by itself, epoch milliseconds; null while no timer runs. */
  readonly pauseEndsAt: number | null;
  /** What is left of a timed pause that was stopped, milliseconds: as long as it lasts again after a resume. Null: all of it. */
  readonly pauseLeftMs: number | null;
  readonly versions: Readonly<Record<VariantRole, string>>;
  readonly owner: Owner;
  /** Moves when ratio, phase, state, steps or guardrails move; never with measurements. */
  readonly revision: string;
  readonly createdAt: number | null;
  readonly updatedAt: number | null;
  /** Traffic is made by the simulator: said on screen wherever the release is shown. */
  readonly simulated: boolean;
  readonly abilities: Readonly<Record<IntentKind, Ability>>;
}

/** Names a release over all sources. */
export type ReleaseKey = string & { readonly brand: 'ReleaseKey' };
/** Ids are foreign text: half a surrogate pair, which cannot be encoded, becomes U+FFFD. */
export const encodeId = (id: string): string => encodeURIComponent(id.replace(/\p{Cs}/gu, '\uFFFD'));
export const releaseKey = (sourceId: string, releaseId: string): ReleaseKey => `${encodeId(sourceId)}/${encodeId(releaseId)}` as ReleaseKey;
export const keyOf = (release: Pick<Release, 'sourceId' | 'id'>): ReleaseKey => releaseKey(release.sourceId, release.id);
export const splitReleaseKey = (key: string): { readonly sourceId: string; readonly releaseId: string } | null => {
  const [source, release, ...rest] = key.split('/');
  if (!source || !release || rest.length > 0) return null;
  try {
    return { sourceId: decodeURIComponent(source), releaseId: decodeURIComponent(release) };
  } catch {
    return null;
  }
};

/** True while traffic is or may be shared between two variants and somebody has to watch. */
export const isActive = (release: Pick<Release, 'phase'>): boolean => release.phase === 'preparation' || release.phase === 'gray';

/**
 * The end of the time in which a release can be measured, epoch milliseconds, exclusive: now, or just after the newest line of a
 * log that nobody writes any more, so that an old file can be judged too.
 */
export const measuredUntil = (release: Pick<Release, 'owner' | 'updatedAt'>, now: number): number =>
  release.owner.kind === 'logs' && release.updatedAt !== null ? Math.min(now, release.updatedAt + 1) : now;
