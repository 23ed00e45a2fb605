import { segmentsOf } from '../analysis/ratioSegments.ts';
import type { AbortSignalLike } from '../base/abort.ts';
import { ok, type Result } from '../base/result.ts';
import type { Evidence, EvidenceStratum } from '../model/evidence.ts';
import type { Release } from '../model/release.ts';
import type { History } from '../model/series.ts';
import type { Source, SourceError } from '../sources/source.ts';

/** A stretch that ended is asked for again this often: a log may be read late, and a service be told late. */
const KEPT_MS = 60_000;

/** What was counted in stretches that have ended, so that they are not asked for at every poll. Of one release. */
export class EndedStretches {
  private readonly kept = new Map<string, { readonly at: number; readonly stratum: EvidenceStratum }>();

  /** `at` by the clock's `elapsed`; `until` the end of the evidence's window. */
  async ask(
    range: { readonly from: number; readonly to: number },
    until: number,
    at: number,
    read: () => Promise<Result<Evidence, SourceError>>,
  ): Promise<Result<EvidenceStratum, SourceError>> {
    for (const [key, { at: then }] of this.kept) if (at - then >= KEPT_MS) this.kept.delete(key);
    const key = `${String(range.from)} ${String(range.to)}`;
    const known = this.kept.get(key);
    if (known) return ok(known.stratum);
    const answer = await read();
    if (answer.ok && range.to < until) this.kept.set(key, { at, stratum: answer.value });
    return answer;
  }
}

/** The evidence with that of each stretch in which one ratio held, asked of the source one by one; without any where it held all along. */
export const stratified = async (
  source: Source,
  release: Release,
  evidence: Evidence,
  history: History,
  ended: EndedStretches,
  at: number,
  signal: AbortSignalLike,
): Promise<Result<Evidence, SourceError>> => {
  const asked = segmentsOf(release, evidence, history).map(({ from, to }) =>
    ended.ask({ from, to }, evidence.to, at, () => source.evidence({ releaseId: release.id, from, to }, signal)),
  );
  const strata: EvidenceStratum[] = [];
  for (const answer of await Promise.all(asked)) {
    if (!answer.ok) return answer;
    strata.push(answer.value);
  }
  return ok({ ...evidence, strata });
};
