import type { Uniform } from './random.ts';
import type { Audience } from './scenario.ts';

export type PickUser = (second: number, random: Uniform) => string;

/** Index of the first entry of the rising `cumulative` that is above `value`. */
const rankOf = (cumulative: Float64Array, value: number): number => {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulative[middle] ?? 1) > value) high = middle;
    else low = middle + 1;
  }
  return low;
};

const cumulativeActivity = (audience: Audience): Float64Array => {
  const cumulative = new Float64Array(audience.regulars);
  let sum = 0;
  for (let rank = 0; rank < audience.regulars; rank++) {
    sum += (rank + 1) ** -audience.skew;
    cumulative[rank] = sum;
  }
  return cumulative.map((value) => value / sum);
};

const name = (audience: Audience, index: number): string => `${audience.prefix}-${index.toString().padStart(6, '0')}`;

/** Who sends the next request. Always takes two numbers from `random`. */
export const pickerOf = (audience: Audience): PickUser => {
  const cumulative = cumulativeActivity(audience);
  return (second, random) => {
    const isRegular = random() < audience.regularShare;
    const at = random();
    if (isRegular) return name(audience, rankOf(cumulative, at));
    const first = Math.floor(second * audience.visitorTurnover);
    const visitor = (first + Math.floor(at * audience.visitorPool)) % audience.visitorPopulation;
    return name(audience, audience.regulars + visitor);
  };
};
