import { INTENT_KINDS, isActive, type ReleaseKey } from '../model/release.ts';
import { needOf } from '../store/select.ts';
import type { ReleaseState, State } from '../store/state.ts';

/** What is known of a release besides its state. */
export interface Marks {
  readonly muted: ReadonlySet<ReleaseKey>;
  /** Releases whose last own change can be undone. */
  readonly undoable: ReadonlySet<ReleaseKey>;
}

/**
 * What `when` and `enablement` of package.json read about a release: `is-…` what it is, `can-…` what can be done with it now. Of a row they are its
 * `viewItem`; of the panel in front and of all releases they are context keys.
 */
export const releaseWords = (state: ReleaseState, { muted, undoable }: Marks): readonly string[] => {
  const { key, release } = state;
  const need = needOf(state);
  const isMuted = muted.has(key);
  return [
    ...(need ? [`is-${need}`] : []),
    ...INTENT_KINDS.filter((kind) => release.abilities[kind].can && (kind !== 'undo' || undoable.has(key))).map((kind) => `can-${kind}`),
    // Nobody alerts about what is over.
    ...(isMuted ? ['can-unmute'] : isActive(release) ? ['can-mute'] : []),
    // Who gets what is decided by an owner; a log only tells who got what.
    ...(release.owner.kind === 'logs' ? [] : ['can-whichVariant']),
  ];
};

/** The context keys of `ContextValues` that tell of releases. */
export interface ReleaseContext {
  readonly all: string;
  readonly panel: string;
  readonly here: string;
}

/** `activeKey` is the release whose panel is in front. */
export const releaseContext = (state: State, activeKey: ReleaseKey | null, marks: Marks): ReleaseContext => {
  const wordsOf = (releases: Iterable<ReleaseState>): string =>
    [...new Set([...releases].flatMap((release) => releaseWords(release, marks)))].sort().join(' ');
  const all = wordsOf(state.releases.values());
  const active = activeKey === null ? undefined : state.releases.get(activeKey);
  const panel = active ? wordsOf([active]) : '';
  return { all, panel, here: activeKey === null ? all : panel };
};
