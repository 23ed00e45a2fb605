/** Names that package.json and code share; test/unit/contributes.test.ts holds them together. */
export const VIEW_RELEASES = 'rolloutLens.releases';
export const VIEW_GUIDE = 'rolloutLens.guide';
export const PANEL_TYPE = 'rolloutLens.release';
export const STATUS_ITEM = 'rolloutLens.status';
export const EXTENSION_ID = 'rollout-lens.rollout-lens';

/** The id of the source that the built-in service is. It is never in the settings. */
export const BUILTIN_SOURCE = 'builtin';

/** Every command, without its prefix. */
export const COMMANDS = [
  'setRatio',
  'nextStep',
  'jumpToStep',
  'promote',
  'promoteFull',
  'pause',
  'resume',
  'abort',
  'rollback',
  'undo',
  'connect',
  'addLogSource',
  'removeSource',
  'enterToken',
  'openSettings',
  'refresh',
  'retry',
  'showChart',
  'showLog',
  'showJournal',
  'startBuiltin',
  'stopBuiltin',
  'tryExample',
  'whichVariant',
  'copyLink',
  'openLink',
  'filter',
  'clearFilter',
  'openWorst',
  'mute',
  'unmute',
] as const;
export type CommandName = (typeof COMMANDS)[number];

export const commandId = (name: CommandName): string => `rolloutLens.${name}`;

/** Commands that tooltips link to. A link has a name of its own for each: the editor drops an argument that it cannot read, and then no other release may be meant. */
export const LINKED = ['showChart', 'mute', 'unmute'] as const satisfies readonly CommandName[];
export const linkId = (name: (typeof LINKED)[number]): string => `_rolloutLens.link.${name}`;

/**
 * Keys of `when` clauses, without their prefix, with the values they take. `all`, `panel` and `here` hold the words of `releaseWords`, divided by spaces:
 * of every release together; of the release whose panel is in front, empty when none is; and of those that a command without an argument is about,
 * which is the panel in front, else any.
 */
export interface ContextValues {
  readonly hasSources: boolean;
  readonly hasReleases: boolean;
  readonly all: string;
  readonly panel: string;
  readonly here: string;
  /** Kinds of the sources in the settings, divided by spaces. */
  readonly configured: string;
  readonly filtered: boolean;
  readonly builtin: 'stopped' | 'starting' | 'running' | 'failed';
  /** What an empty or unhelpful view has to teach; `none` when it shows releases or is still connecting. */
  readonly welcome: 'none' | 'noSource' | 'cannotConnect' | 'noReleases';
}
export const CONTEXT_KEYS = [
  'hasSources',
  'hasReleases',
  'all',
  'panel',
  'here',
  'configured',
  'filtered',
  'builtin',
  'welcome',
] as const satisfies readonly (keyof ContextValues)[];
