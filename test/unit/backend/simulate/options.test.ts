import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PLANTED } from '../../../../src/backend/scenarios/planted.ts';
import { parseOptions, type SimulateOptions } from '../../../../src/backend/simulate/options.ts';

const GIVEN = ['--url', 'http://127.0.0.1:8080/', '--scenario', 'finance'];

const parsed = async (...args: string[]): Promise<SimulateOptions> => {
  const result = await parseOptions([...GIVEN, ...args]);
  assert.ok(result.ok, result.ok ? '' : result.error);
  assert.ok(!result.value.help);
  return result.value.options;
};

const refused = async (args: readonly string[]): Promise<string> => {
  const result = await parseOptions(args);
  assert.ok(!result.ok, `${args.join(' ')} must be refused`);
  return result.error;
};

describe('options of simulate', () => {
  let folder = '';
  before(async () => (folder = await mkdtemp(path.join(tmpdir(), 'simulate-options-'))));
  after(() => rm(folder, { recursive: true }));

  it('have the defaults that the usage states', async () => {
    assert.deepEqual(await parsed(), {
      url: 'http://127.0.0.1:8080',
      token: null,
      serviceFile: null,
      scenario: 'finance',
      release: null,
      seed: PLANTED.finance.seed,
      duration: 3600,
      speed: 1,
      backfill: 0,
      regression: true,
      json: false,
      exitWithStdin: false,
    });
    const fast = await parsed('--duration', '600', '--speed', '60');
    assert.equal(fast.backfill, 590);
    assert.equal((await parsed('--duration', '600', '--speed', '60', '--backfill', '60')).backfill, 60);
    assert.equal((await parsed('--no-regression', '--json', '--seed', '0')).regression, false);
  });

  it('name what is wrong', async () => {
    for (const [args, what] of [
      [['--scenario', 'finance'], /--url is missing/],
      [['--url', 'http://x'], /--scenario is missing: one of finance, commerce, medical/],
      [['--url', 'ftp://x', '--scenario', 'finance'], /--url: expected http/],
      [['--url', 'http://x', '--scenario', 'weather'], /--scenario: expected one of .* got "weather"/],
      [[...GIVEN, '--duration', '0'], /--duration: expected a number from 1/],
      [[...GIVEN, '--duration', 'soon'], /--duration: .* got "soon"/],
      [[...GIVEN, '--duration', ''], /--duration/],
      [[...GIVEN, '--speed', '0.5'], /--speed/],
      [[...GIVEN, '--seed', '1.5'], /--seed: expected a whole number/],
      [[...GIVEN, '--seed', '-1'], /--seed/],
      [[...GIVEN, '--release', ''], /--release/],
      [[...GIVEN, '--token', 'a', '--token-file', 'b'], /give one of them/],
      [[...GIVEN, '--token-file', path.join(folder, 'absent')], /--token-file: ENOENT/],
      [[...GIVEN, '--fast'], /--fast/],
      [[...GIVEN, 'extra'], /extra/],
    ] as const) {
      assert.match(await refused(args), what);
    }
  });

  it('take the token from a bare file, a service.json or a token file', async () => {
    for (const [name, text] of [
      ['bare', 'secret\n'],
      ['service.json', '{"url":"http://127.0.0.1:1","token":"secret"}'],
      ['tokens.json', '{"viewer":["reader"],"operator":["secret","other"]}'],
    ] as const) {
      const file = path.join(folder, name);
      await writeFile(file, text);
      assert.equal((await parsed('--token-file', file)).token, 'secret', name);
    }
    const file = path.join(folder, 'viewer.json');
    await writeFile(file, '{"viewer":["reader"]}');
    assert.match(await refused([...GIVEN, '--token-file', file]), /holds no token that may write/);
  });
});
