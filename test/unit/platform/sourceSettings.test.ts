import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { placeOf, type SettingProblem } from '../../../src/platform/settingProblem.ts';
import { faultText } from '../../../src/platform/settingTexts.ts';
import { decodeSettings, decodeSources, SOURCE_KEYS } from '../../../src/platform/sourceSettings.ts';
import type { KnownKeys } from '../../../src/platform/unknownKeys.ts';
import { english } from '../../fakes/english.ts';
import { manifest } from '../../fakes/manifest.ts';

const http = { id: 'prod', name: 'Production', type: 'http', url: 'https://rollouts.example.com' };
const mapping = { time: { field: 'ts', unit: 's' }, variant: { field: 'v', canary: 'canary' }, status: { field: 'status' } };
const logs = { id: 'nginx', name: 'nginx', type: 'logs', files: ['/var/log/nginx/*.json'], mapping };

const told = (problem: SettingProblem | undefined): string => (problem ? `${placeOf(problem.path)}: ${faultText(problem, english)}` : '');

describe('settings', () => {
  it('take services and log files', () => {
    const { sources, problems } = decodeSources([http, logs]);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      sources.map(({ id, type }) => [id, type]),
      [
        ['prod', 'http'],
        ['nginx', 'logs'],
      ],
    );
  });

  it('say where a mistake stands, and keep the other sources', () => {
    const { sources, problems } = decodeSources([{ ...http, url: 'ftp://x' }, logs]);
    assert.deepEqual(
      sources.map(({ id }) => id),
      ['nginx'],
    );
    assert.match(told(problems[0]), /^rolloutLens\.sources\[0\]\.url: is "ftp:\/\/x", has to be an address/);
    assert.equal(problems[0]?.source, 'Production');
  });

  for (const [what, source, pattern] of [
    ['a name in the address', { ...http, url: 'https://user:secret@host' }, /without user name/],
    ['a query in the address', { ...http, url: 'https://host/?token=x' }, /without \? and #/],
    ['the id of the built-in service', { ...http, id: 'builtin' }, /another id/],
    ['an id that breaks links', { ...http, id: 'a/b' }, /letters, digits/],
    ['no files', { ...logs, files: [] }, /at least one file/],
    [
      'a mapping without status',
      { ...logs, mapping: { time: mapping.time, variant: mapping.variant } },
      /rolloutLens\.sources\[0\]\.mapping\.status/,
    ],
    ['no object', 7, /has to be an object/],
  ] as const) {
    it(`refuse ${what}`, () => {
      const { sources, problems } = decodeSources([source]);
      assert.deepEqual(sources, []);
      assert.match(told(problems[0]), pattern);
      assert.doesNotMatch(told(problems[0]), /secret|token=x/, 'what may be a secret is not repeated');
    });
  }

  it('refuse the same id twice', () => {
    const { sources, problems } = decodeSources([http, { ...http, name: 'again' }]);
    assert.equal(sources.length, 1);
    assert.match(told(problems[0]), /another source is called "prod"/);
  });

  it('fall back to the default where a value is not understood, and say so', () => {
    const settings = decodeSettings((key) => (key === 'pollIntervalSeconds' ? 0 : key === 'alerts.notify' ? 'no' : undefined));
    assert.equal(settings.pollIntervalMs, 5_000);
    assert.equal(settings.notify, true);
    assert.equal(settings.problems.length, 2);
  });

  it('name a key that nobody reads and what was probably meant, and read the source without it', () => {
    const { sources, problems } = decodeSources([
      { ...http, cafile: '/etc/ca.pem' },
      { ...logs, files2: [], mapping: { ...mapping, status: { field: 'status', error: '5xx' }, colour: {} } },
    ]);
    assert.equal(sources.length, 2);
    assert.deepEqual(problems.map(told), [
      'rolloutLens.sources[0].cafile: not known; did you mean caFile?',
      'rolloutLens.sources[1].mapping.status.error: not known; did you mean errors?',
      'rolloutLens.sources[1].mapping.colour: not known; known here: time, variant, status, latency, user, release',
      'rolloutLens.sources[1].files2: not known; did you mean files?',
    ]);
    assert.ok(problems.every(({ severity }) => severity === 'warning'));
  });

  it('know the keys that the schema of the settings editor knows, and it refuses all others', () => {
    interface Schema {
      readonly properties?: Readonly<Record<string, Schema>>;
      readonly additionalProperties?: unknown;
      readonly oneOf?: readonly Schema[];
      readonly items?: Schema;
      readonly const?: string;
    }
    const keysOf = ({ properties, additionalProperties }: Schema): KnownKeys | null => {
      if (!properties) return null;
      assert.equal(additionalProperties, false);
      return Object.fromEntries(Object.entries(properties).map(([key, below]) => [key, keysOf(below)]));
    };
    const schema = manifest.contributes.configuration.properties['rolloutLens.sources'] as Schema;
    for (const one of schema.items?.oneOf ?? []) {
      const type = one.properties?.['type']?.const;
      assert.ok(type === 'http' || type === 'logs');
      assert.deepEqual(keysOf(one), SOURCE_KEYS[type]);
    }
    assert.equal(schema.items?.oneOf?.length, 2);
  });
});
