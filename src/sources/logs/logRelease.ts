import { message } from '../../model/message.ts';
import {
  INTENT_KINDS,
  type Ability,
  type IntentKind,
  type Phase,
  type Release,
  type ReleaseStatus,
  type VariantRole,
} from '../../model/release.ts';
import { Rollup, type Observation, type Refused } from '../../model/rollup.ts';
import type { SourceMessageKey } from '../messages.ts';

/** The observed ratio is that of this long before the newest line; its interval is made from the evidence of the same five minutes. */
const RECENT_MS = 5 * 60_000;
/** Expected requests of a variant from which their absence means that it gets none: by chance once in a million, e^-14. */
const ABSENCE = 14;
/** Names of variants kept and shown; a log with more of them has another field mapped than it should. */
const MOST_VERSIONS = 20;
const SHOWN_VERSIONS = 3;

const NO_OWNER: Ability = { can: false, why: message<SourceMessageKey>('logs.cannot.noOwner') };
const NO_ABILITIES = Object.fromEntries(INTENT_KINDS.map((kind) => [kind, NO_OWNER])) as Readonly<Record<IntentKind, Ability>>;

const STATE_OF: Readonly<Record<Phase, ReleaseStatus>> = {
  preparation: 'progressing',
  gray: 'progressing',
  full: 'completed',
  rolledBack: 'completed',
};

/** One request as a line tells it, with the variant's own name. */
export type CountedLine = Observation & { readonly version: string; readonly release: string | null };

/** What the logs tell of one service: an observed release without an owner. */
export class LogRelease {
  /** The service, and the release's id within its source. */
  readonly name: string;
  readonly rollup: Rollup;
  /** Name of a stable variant → time of its newest line. */
  private readonly stableVersions = new Map<string, number>();
  private readonly canaryVersions = new Map<string, number>();
  /** As it was last made, while nothing was added since. */
  private made: Release | null = null;

  constructor(name: string, now: () => number) {
    this.name = name;
    this.rollup = new Rollup(now);
  }

  add(record: CountedLine): Refused | null {
    const refused = this.rollup.add(record);
    if (refused !== null) return refused;
    this.made = null;
    const versions = record.variant === 'canary' ? this.canaryVersions : this.stableVersions;
    const newest = versions.get(record.version);
    if (newest === undefined ? versions.size < MOST_VERSIONS : record.time > newest) versions.set(record.version, record.time);
    return null;
  }

  /** `canary` is the name the mapping gives it, shown until a line has told. */
  release(source: { readonly id: string; readonly name: string }, canary: string): Release {
    this.made ??= this.make(source, canary);
    return this.made;
  }

  private make(source: { readonly id: string; readonly name: string }, canary: string): Release {
    const { oldest, newest } = this.rollup;
    const to = newest === null ? 0 : newest + 1;
    const recent = this.rollup.requests(to - RECENT_MS, to);
    const ever = this.rollup.total;
    const phase = phaseOf(recent, { stable: ever.stable - recent.stable, canary: ever.canary - recent.canary });
    const total = recent.stable + recent.canary;
    return {
      id: this.name,
      sourceId: source.id,
      name: this.name,
      service: this.name,
      phase,
      state: STATE_OF[phase],
      ratio: { unit: 'requests', desired: null, actual: total > 0 ? recent.canary / total : null, since: null },
      steps: [],
      stepIndex: -1,
      stateSince: null,
      pauseEndsAt: null,
      pauseLeftMs: null,
      versions: { stable: namesOf(this.stableVersions, 'stable'), canary: namesOf(this.canaryVersions, canary) },
      owner: { kind: 'logs', name: source.name },
      revision: phase,
      createdAt: oldest,
      updatedAt: newest,
      simulated: false,
      abilities: NO_ABILITIES,
    };
  }
}

/**
 * Seen, not told: gray while both variants get requests. One that gets none any more, where its earlier share makes that impossible by
 * chance, has been taken out.
 */
function phaseOf(recent: Readonly<Record<VariantRole, number>>, earlier: Readonly<Record<VariantRole, number>>): Phase {
  const total = recent.stable + recent.canary;
  const before = earlier.stable + earlier.canary;
  if (recent.canary + earlier.canary === 0) return 'preparation';
  if (recent.stable + earlier.stable === 0) return 'full';
  if (recent.canary === 0 && (earlier.canary / before) * total >= ABSENCE) return 'rolledBack';
  if (recent.stable === 0 && (earlier.stable / before) * total >= ABSENCE) return 'full';
  return 'gray';
}

/** The newest names first. */
function namesOf(versions: ReadonlyMap<string, number>, fallback: string): string {
  if (versions.size === 0) return fallback;
  const names = [...versions].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  return names.slice(0, SHOWN_VERSIONS).join(', ') + (names.length > SHOWN_VERSIONS ? ', …' : '');
}
