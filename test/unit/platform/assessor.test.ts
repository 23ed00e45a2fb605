import assert from 'node:assert/strict';
import { it } from 'node:test';
import { WorkerAssessor } from '../../../src/platform/assessor.ts';
import { aRelease } from '../../fakes/release.ts';
import { recordingLog } from '../../fakes/wait.ts';

it('a verdict whose thread hangs is answered with the error, and the next one with a new thread', { timeout: 30_000 }, async (t) => {
  // Hangs over a release without a name, and answers any other.
  const script = `
    const { parentPort } = require('node:worker_threads');
    parentPort.on('message', ({ id, input }) => {
      while (input.release.name === '') ;
      parentPort.postMessage({ id, assessment: 'judged' });
    });`;
  const log = recordingLog();
  const url = new URL(
    `data:text/javascript,${encodeURIComponent(`import { createRequire } from 'node:module'; const require = createRequire('file:///');${script}`)}`,
  );
  const assessor = new WorkerAssessor(url, log, 2_000);
  t.after(() => assessor.dispose());
  const { signal } = new AbortController();
  const ask = (name: string) => assessor.assess({ release: aRelease({ name }), evidence: null, history: null, at: 0 }, signal);
  // An answer with the worker's deadline unreferenced: something else keeps this process alive.
  const alive = setInterval(() => undefined, 1_000);
  t.after(() => clearInterval(alive));
  assert.deepEqual(await ask(''), { ok: false, error: 'the analysis worker did not answer in 2 s' });
  assert.match(log.lines.join(), /start again/);
  assert.deepEqual(await ask('x'), { ok: true, value: 'judged' });
});
