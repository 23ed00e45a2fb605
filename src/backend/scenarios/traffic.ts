import type { Scenario } from './scenario.ts';

/** Traffic at a second of the scenario as a multiple of its mean. */
export const loadAt = (scenario: Scenario, second: number): number =>
  scenario.waves.reduce((load, wave) => load + wave.amplitude * Math.sin((2 * Math.PI * second) / wave.periodSeconds), 1);
