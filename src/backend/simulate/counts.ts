import type { VariantRole } from '../../model/release.ts';
import type { ScenarioEvent } from '../scenarios/event.ts';

/** What was sent of one variant and taken by the service. */
export interface VariantCounts {
  requests: number;
  errors: number;
  clientErrors: number;
  predictions: number;
  correct: number;
  ratings: number;
  ratingSum: number;
  resources: number;
}

export type Counts = Readonly<Record<VariantRole, VariantCounts>>;

const none = (): VariantCounts => ({
  requests: 0,
  errors: 0,
  clientErrors: 0,
  predictions: 0,
  correct: 0,
  ratings: 0,
  ratingSum: 0,
  resources: 0,
});

export const emptyCounts = (): Counts => ({ stable: none(), canary: none() });

export const countEvent = (counts: Counts, event: ScenarioEvent): void => {
  const side = counts[event.variant];
  switch (event.kind) {
    case 'request':
      side.requests += 1;
      if (event.status >= 500) side.errors += 1;
      else if (event.status >= 400) side.clientErrors += 1;
      return;
    case 'prediction':
      side.predictions += 1;
      if (event.correct) side.correct += 1;
      return;
    case 'feedback':
      side.ratings += 1;
      side.ratingSum += event.rating;
      return;
    case 'resource':
      side.resources += 1;
      return;
  }
};
