// A process that holds the built-in service as an editor window does, for tests that kill it. Prints one JSON line a state.
// Arguments: data folder, optionally "simulate".
import path from 'node:path';
import { EmbeddedService } from '../../../src/sources/embedded/embeddedService.ts';
import { startSimulation } from '../../../src/sources/embedded/simulation.ts';
import { SILENT_LOG } from '../../../src/base/log.ts';
import { realClock } from '../../fakes/realClock.ts';

const [dataDir = '', simulate] = process.argv.slice(2);
const backendPath = path.join(import.meta.dirname, '../../../src/backend/main.ts');
const child = { execPath: process.execPath, backendPath, env: process.env, log: SILENT_LOG };
const service = new EmbeddedService({ ...child, dataDir, clock: realClock });
const print = (what: unknown): void => void process.stdout.write(`${JSON.stringify(what)}\n`);
service.onDidChange(print);
const started = await service.start(new AbortController().signal);
if (started.ok && simulate !== undefined) {
  const tokenFile = path.join(dataDir, 'service.json');
  const simulation = startSimulation({ ...child, url: started.value.url, tokenFile, scenario: 'finance', duration: 3600 });
  print({ simulation: simulation.pid });
}
// Lives until it is killed, like a window.
setInterval(() => undefined, 60_000);
