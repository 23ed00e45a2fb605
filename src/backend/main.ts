/** The program: `backend.js serve | simulate | backup | restore`. It loads the rest only where that can run. */
import { nodeProblem } from './cli/node.ts';

const problem = nodeProblem(process.versions.node);
if (problem === null) await import('./program.ts');
else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}
