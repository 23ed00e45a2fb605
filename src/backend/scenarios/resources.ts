import { randomNormal } from 'd3-random';
import { streamOf } from './random.ts';
import type { GaugeShape } from './scenario.ts';

/** Correlation of neighbouring samples. */
const PERSISTENCE = 0.9;
/** Samples a block of noise holds; by the end of one block the state before it counts for PERSISTENCE ** BLOCK = 0.1 %. */
const BLOCK = 64;
const DRIFT_PERIODS_IN_SAMPLES = [1100, 2900] as const;

/**
 * A first-order autoregression of unit variance that can be read at any sample without running through all before: each block
 * starts from the noise of the block before it.
 */
const autoregression = (label: string): ((sample: number) => number) => {
  const innovation = Math.sqrt(1 - PERSISTENCE ** 2);
  const noiseOf = (block: number): readonly number[] => {
    const normal = randomNormal.source(streamOf(`${label}/noise/${block}`))(0, innovation);
    return Array.from({ length: BLOCK }, normal);
  };
  let cached: { readonly block: number; readonly values: Float64Array } | null = null;
  return (sample) => {
    const block = Math.floor(sample / BLOCK);
    if (cached?.block !== block) {
      const values = new Float64Array(BLOCK);
      let state = 0;
      for (const noise of noiseOf(block - 1)) state = PERSISTENCE * state + noise;
      noiseOf(block).forEach((noise, at) => {
        state = PERSISTENCE * state + noise;
        values[at] = state;
      });
      cached = { block, values };
    }
    return cached.values[sample - block * BLOCK] ?? 0;
  };
};

/** Reads one gauge at its n-th sample under `load` (a multiple of the mean traffic). */
export const gaugeOf = (shape: GaugeShape, label: string): ((sample: number, load: number) => number) => {
  const noise = autoregression(label);
  const phase = streamOf(`${label}/phase`);
  const phases = DRIFT_PERIODS_IN_SAMPLES.map((period) => ({ period, phase: 2 * Math.PI * phase() }));
  return (sample, load) => {
    const drift = phases.reduce((sum, { period, phase: at }) => sum + Math.sin((2 * Math.PI * sample) / period + at), 0) / phases.length;
    return Math.max(shape.floor, shape.base + shape.perLoad * (load - 1) + shape.noise * noise(sample) + shape.drift * drift);
  };
};
