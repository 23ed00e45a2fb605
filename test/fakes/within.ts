import { createContext, runInContext } from 'node:vm';

/** Runs a synchronous task and ends it, in the middle of a regular expression too, when it has not come back after `ms`: that throws. */
export const within = <T>(ms: number, task: () => T): T => {
  let result: { readonly value: T } | undefined;
  const run = (): void => {
    result = { value: task() };
  };
  runInContext('run()', createContext({ run }), { timeout: ms });
  if (!result) throw new Error('the task did not run');
  return result.value;
};
