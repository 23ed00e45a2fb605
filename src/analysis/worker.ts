import { parentPort } from 'node:worker_threads';
import { assess, type AssessInput } from './assess.ts';

/** `input` comes from the same bundle by structured clone: its shape is trusted, its failure is not. */
interface Question {
  readonly id: number;
  readonly input: AssessInput;
}

const port = parentPort;
if (!port) throw new Error('analysis/worker runs as a worker thread');

port.on('message', ({ id, input }: Question) => {
  try {
    port.postMessage({ id, assessment: assess(input) });
  } catch (error) {
    port.postMessage({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
