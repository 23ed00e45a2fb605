import { splitReleaseKey, type ReleaseKey } from '../model/release.ts';
import { sourceOf, worstFirst } from '../store/select.ts';
import type { ReleaseState, State } from '../store/state.ts';
import type { Localizer } from '../platform/localizer.ts';
import { prompts } from '../platform/prompts.ts';
import { toasts } from '../platform/toasts.ts';
import { releaseParts } from '../views/releaseText.ts';
import { written } from '../views/treeNode.ts';

const asKey = (value: unknown): ReleaseKey | null => (typeof value === 'string' && splitReleaseKey(value) ? (value as ReleaseKey) : null);

/** The release a command was called for: a row of the tree, `{ key }`, or the key itself; null when none of these was given. */
export const keyOfArgument = (argument: unknown): ReleaseKey | null => {
  if (typeof argument === 'object' && argument !== null && 'key' in argument) return asKey(argument.key);
  return asKey(argument);
};

/** The source a command was called for: a row, `{ sourceId }`, or the id. */
export const sourceOfArgument = (argument: unknown): string | null => {
  if (typeof argument === 'string') return argument;
  return typeof argument === 'object' && argument !== null && 'sourceId' in argument && typeof argument.sourceId === 'string'
    ? argument.sourceId
    : null;
};

export interface PickDeps {
  readonly store: { readonly state: State };
  /** The release whose panel is in front. */
  readonly activeKey: () => ReleaseKey | null;
  readonly l10n: Localizer;
  readonly now: () => number;
}

/**
 * The release a command is about: as given, else that of the panel in front, else the person chooses, worst first. `suits` leaves
 * out those on which the command has nothing to do. Null when the person gave up or there is none.
 */
export const pickRelease = async (
  argument: unknown,
  deps: PickDeps,
  title: string,
  suits: (release: ReleaseState) => boolean = () => true,
): Promise<ReleaseKey | null> => {
  const { store, l10n } = deps;
  const given = keyOfArgument(argument) ?? deps.activeKey();
  if (given) return given;
  const releases = [...store.state.releases.values()].sort(worstFirst).filter(suits);
  if (releases.length === 0) {
    void toasts.info(
      store.state.releases.size === 0 ? l10n.t('There is no release yet.') : l10n.t('There is no release on which this can be done now.'),
    );
    return null;
  }
  const items = releases.map((release) => {
    const source = sourceOf(store.state, release.release.sourceId);
    return {
      label: release.release.name,
      description: source?.name ?? '',
      detail: written(releaseParts(release, source, false, { l10n, now: deps.now() })),
      key: release.key,
    };
  });
  const choice = await prompts.pick(items, {
    title,
    placeHolder: l10n.t('Which release?'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return choice?.key ?? null;
};
