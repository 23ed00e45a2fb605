/**
 * Units on the wire and in code. `ratio` is 0..1 (shown in per cent), `points` a difference of two ratios (shown in
 * percentage points), `relative` a relative difference (0.1 is +10 %), `time` epoch milliseconds, `seconds` a duration.
 */
export type Unit =
  'ratio' | 'points' | 'relative' | 'ms' | 'perSecond' | 'perMinute' | 'cores' | 'bytes' | 'rating' | 'count' | 'seconds' | 'time';

/** A number with its unit, formatted where it is shown and in the language it is shown in. */
export interface Quantity {
  readonly value: number;
  readonly unit: Unit;
  /** Shows a plus sign too; for differences. */
  readonly signed?: boolean;
  /** Not rounded: what is sent is shown as it is sent. For ratios. */
  readonly exact?: boolean;
}

export const quantity = (value: number, unit: Unit, signed = false): Quantity => ({ value, unit, ...(signed ? { signed } : {}) });

/** A ratio (0..1) that somebody asks for or that is sent, to its last digit. */
export const exactRatio = (value: number): Quantity => ({ value, unit: 'ratio', exact: true });
