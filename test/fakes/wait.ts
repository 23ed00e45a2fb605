import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../src/base/log.ts';

/** Waits for a condition; the test's own time limit ends it. */
export const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await delay(10);
};

/** Keeps what was logged. */
export const recordingLog = (): Log & { readonly lines: string[] } => {
  const lines: string[] = [];
  const take = (text: string): void => void lines.push(text);
  return { lines, debug: take, info: take, warn: take, error: take };
};
