/**
 * Scales on which noise is even over the whole range. `logarithm` for times and gauges (noise in per cent), `arcsine` √p for shares (sampling noise
 * 1/(2√n) whatever p is), `identity` for ratings.
 */
export type ScaleKind = 'logarithm' | 'arcsine' | 'identity';

export const toScale = (kind: ScaleKind, value: number): number => {
  switch (kind) {
    case 'logarithm':
      return Math.log(value);
    case 'arcsine':
      return Math.asin(Math.sqrt(Math.min(1, Math.max(0, value))));
    case 'identity':
      return value;
  }
};

export const fromScale = (kind: ScaleKind, scaled: number): number => {
  switch (kind) {
    case 'logarithm':
      return Math.exp(scaled);
    case 'arcsine':
      return Math.sin(Math.min(Math.PI / 2, Math.max(0, scaled))) ** 2;
    case 'identity':
      return scaled;
  }
};
