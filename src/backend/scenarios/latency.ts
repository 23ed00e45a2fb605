import { randomNormal } from 'd3-random';
import type { Uniform } from './random.ts';
import type { LatencyShape } from './scenario.ts';

/** Draws response times in milliseconds, to a hundredth. */
export const latencyOf = (shape: LatencyShape, random: Uniform): (() => number) => {
  const normal = randomNormal.source(random)(0, shape.sigma);
  return () => {
    const body = shape.medianMs * Math.exp(normal());
    const kind = random();
    const tail = shape.medianMs * shape.tailFrom * (1 - random()) ** (-1 / shape.tailIndex);
    const slow = kind < shape.tailShare + shape.slowShare ? body * shape.slowFactor : body;
    return kind < shape.tailShare ? tail : slow;
  };
};

export const measured = (milliseconds: number, maxMs: number): number => Math.round(Math.min(milliseconds, maxMs) * 100) / 100;
