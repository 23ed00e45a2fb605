import type { State } from '../store/state.ts';
import type { ContextValues } from './ids.ts';

/** What the views have to teach now. While something is still connecting they teach nothing, so that no text flashes by. */
export const welcomeFor = (
  state: State,
  shown: { readonly releaseRows: number; readonly configErrors: number },
): ContextValues['welcome'] => {
  if (state.sources.length === 0) return state.builtinFailure === null && shown.configErrors === 0 ? 'noSource' : 'none';
  if (state.releases.size > 0) return shown.releaseRows === 0 ? 'filteredOut' : 'none';
  if (state.sources.some((source) => source.status === 'connecting')) return 'none';
  if (state.sources.every((source) => source.lastSuccessAt === null)) return 'cannotConnect';
  return state.sources.some((source) => source.status === 'connected') ? 'noReleases' : 'none';
};
