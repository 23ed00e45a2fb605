import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeSettings, decodeSources } from '../../../src/platform/sourceSettings.ts';

const http = { id: 'prod', name: 'Production', type: 'http', url: 'https://rollouts.example.com' };
const mapping = { time: { field: 'ts', unit: 's' }, variant: { field: 'v', canary: 'canary' }, status: { field: 'status' } };
const logs = { id: 'nginx', name: 'nginx', type: 'logs', files: ['/var/log/nginx/*.json'], mapping };

describe('settings', () => {
  it('take services and log files', () => {
    const { sources, errors } = decodeSources([http, logs]);
    assert.deepEqual(errors, []);
    assert.deepEqual(
      sources.map(({ id, type }) => [id, type]),
      [
        ['prod', 'http'],
        ['nginx', 'logs'],
      ],
    );
  });

  it('say where a mistake stands, and keep the other sources', () => {
    const { sources, errors } = decodeSources([{ ...http, url: 'ftp://x' }, logs]);
    assert.deepEqual(
      sources.map(({ id }) => id),
      ['nginx'],
    );
    assert.match(errors[0] ?? '', /^rolloutLens\.sources\[0\]\.url: expected an address/);
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
    ['no object', 7, /expected an object/],
  ] as const) {
    it(`refuse ${what}`, () => {
      const { sources, errors } = decodeSources([source]);
      assert.deepEqual(sources, []);
      assert.match(errors[0] ?? '', pattern);
      assert.doesNotMatch(errors[0] ?? '', /secret|token=x/, 'what may be a secret is not repeated');
    });
  }

  it('refuse the same id twice', () => {
    const { sources, errors } = decodeSources([http, { ...http, name: 'again' }]);
    assert.equal(sources.length, 1);
    assert.match(errors[0] ?? '', /no other source/);
  });

  it('fall back to the default where a value is not understood, and say so', () => {
    const settings = decodeSettings((key) => (key === 'pollIntervalSeconds' ? 0 : key === 'alerts.notify' ? 'no' : undefined));
    assert.equal(settings.pollIntervalMs, 5_000);
    assert.equal(settings.notify, true);
    assert.equal(settings.errors.length, 2);
  });
});
