/** Uniform on [0, 1), 2^32 values. */
export type Uniform = () => number;

/**
 * A seeded generator, `sfc32` of C. Doty-Humphrey's PractRand suite, which it passes; period at least 2^32, 4
 * words of state. The same seed gives the same numbers everywhere. Not for secrets.
 */
export const randomOf = (seed: number): Uniform => {
  let a = seed >>> 0;
  let b = Math.floor(seed / 2 ** 32) >>> 0;
  let c = 0x9e3779b9;
  let counter = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 2 ** 32;
  };
  for (let warm = 0; warm < 15; warm++) next();
  return next;
};
