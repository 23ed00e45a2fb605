import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, it } from 'node:test';
import { nodeProblem } from '../../../src/backend/cli/node.ts';

const MAIN = path.join(import.meta.dirname, '../../../src/backend/main.ts');
/** Makes this Node look like one without SQLite. */
const OLD = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  Object.defineProperty(process.versions, 'node', { value: '20.11.0' });
  registerHooks({ resolve: (name, context, next) => { if (name === 'node:sqlite') throw new Error('No such built-in module'); return next(name, context); } });
`)}`;

describe('the service on a Node that is too old', () => {
  it('says in one line which Node it needs', { timeout: 20_000 }, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', OLD, MAIN, 'serve', '--data', 'nowhere'], {
      encoding: 'utf8',
      timeout: 15_000,
    });
    assert.equal(stderr, 'This program needs Node 22.15 or newer; this is Node 20.11.0.\n');
    assert.deepEqual([status, stdout], [1, '']);
  });

  for (const [version, runs] of [
    ['18.20.1', false],
    ['22.5.0', false],
    ['22.15.0', true],
    ['24.1.0', true],
  ] as const) {
    it(`Node ${version} ${runs ? 'is new enough' : 'is not'}`, () => assert.equal(nodeProblem(version) === null, runs));
  }
});
