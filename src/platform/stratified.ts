import { segmentsOf } from '../analysis/ratioSegments.ts';
import type { AbortSignalLike } from '../base/abort.ts';
import { ok, type Result } from '../base/result.ts';
import type { Evidence, EvidenceStratum } from '../model/evidence.ts';
import type { Release } from '../model/release.ts';
import type { History } from '../model/series.ts';
import type { Source, SourceError } from '../sources/source.ts';

/** The evidence with that of each stretch in which one ratio held, asked of the source one by one; without any where it held all along. */
export const stratified = async (
  source: Source,
  release: Release,
  evidence: Evidence,
  history: History,
  signal: AbortSignalLike,
): Promise<Result<Evidence, SourceError>> => {
  const asked = segmentsOf(release, evidence, history).map(({ from, to }) => source.evidence({ releaseId: release.id, from, to }, signal));
  const strata: EvidenceStratum[] = [];
  for (const answer of await Promise.all(asked)) {
    if (!answer.ok) return answer;
    strata.push(answer.value);
  }
  return ok({ ...evidence, strata });
};
