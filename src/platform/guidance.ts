import type { State } from '../store/state.ts';
import type { ContextValues } from './ids.ts';

/** What the views have to teach now. While something is still connecting they teach nothing, so that no text flashes by. */
export const welcomeFor = (state: State, shown: { readonly settingProblems: number }): ContextValues['welcome'] => {
  if (state.sources.length === 0) return state.builtinFailure === null && shown.settingProblems === 0 ? 'noSource' : 'none';
  // What a filter hides is told by its own row.
  if (state.releases.size > 0) return 'none';
  if (state.sources.some((source) => source.status === 'connecting')) return 'none';
  if (state.sources.every((source) => source.lastSuccessAt === null)) return 'cannotConnect';
  return state.sources.some((source) => source.status === 'connected') ? 'noReleases' : 'none';
};
