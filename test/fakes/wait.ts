import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../src/base/log.ts';

const LONGEST_WAIT_MS = 45_000;

/** Waits for a condition; gives up by itself, so that a failed test does not keep its process. */
export const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + LONGEST_WAIT_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${LONGEST_WAIT_MS / 1000} s for: ${condition.toString()}`);
    await delay(10);
  }
};

/** Keeps what was logged. */
export const recordingLog = (): Log & { readonly lines: string[] } => {
  const lines: string[] = [];
  const take = (text: string): void => void lines.push(text);
  return { lines, debug: take, info: take, warn: take, error: take };
};
