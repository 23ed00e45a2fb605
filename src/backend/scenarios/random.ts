import murmur from 'murmurhash3js-revisited';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** Uniform in [0, 1). */
export type Uniform = () => number;

/**
 * A stream of random numbers that depends on its label alone. A scenario takes one a second, so that any second can be made without
 * those before it. The label is hashed to the whole state: neighbouring seeds given to the generator as they are would start alike.
 */
export const streamOf = (label: string): Uniform => {
  const bytes = new TextEncoder().encode(label);
  const state = [1, 2, 3, 4].map((word) => murmur.x86.hash32(bytes, word) | 0);
  // All zero is the one state the generator cannot leave.
  const generator = xoroshiro128plusFromState(state.some((word) => word !== 0) ? state : [1, 2, 3, 4]);
  return () => uniformFloat64(generator);
};
