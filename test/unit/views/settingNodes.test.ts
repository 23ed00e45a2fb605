import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fill, type Localizer } from '../../../src/platform/localizer.ts';
import { decodeSettings, decodeSources } from '../../../src/platform/sourceSettings.ts';
import { settingNodes } from '../../../src/views/settingNodes.ts';
import { english } from '../../fakes/english.ts';
import { bundle } from '../../fakes/manifest.ts';

const chinese: Localizer = { locale: 'zh-CN', t: (text, args) => fill(bundle[text] ?? `?${text}`, args) };
const rows = (sources: unknown, l10n = english): ReturnType<typeof settingNodes> => settingNodes(decodeSources(sources).problems, l10n);
const begins = (sources: unknown, l10n = english): readonly string[] =>
  rows(sources, l10n).map(({ label, description }) => `${label} ${description}`.slice(0, 20));
const http = { id: 'prod', name: 'Production cluster Europe', type: 'http', url: 'https://rollouts.example.com' };
const time = { field: 'ts' };
const logs = {
  id: 'edge',
  name: 'Edge',
  type: 'logs',
  files: ['a'],
  mapping: { time, variant: { field: 'v', canary: 'c' }, status: { field: 's' } },
};

describe('rows for what is wrong in the settings', () => {
  it('name the source and the key within the first twenty characters', () => {
    assert.deepEqual(begins([{ ...http, url: 'nowhere' }, { ...logs, files2: [] }, { type: 'http' }, 7]), [
      'Production… · url is',
      'source 3 · id missin',
      'source 4 is 7, has t',
      'Edge · files2 not kn',
    ]);
  });

  it('are one a source, the whole text in the tooltip with the place of each mistake', () => {
    const [row, ...others] = rows([{ ...logs, fils: ['b'], files: undefined, colour: 1 }]);
    assert.deepEqual(others, []);
    assert.equal(row?.label, 'Edge · fils');
    assert.equal(row.description, 'not known; did you mean files? (and 2 more)', 'the misspelt key explains that the other is missing');
    assert.deepEqual(row.icon, { id: 'error', color: 'errorForeground' }, 'the source is not read');
    const tooltip = row.tooltip.replaceAll('\\', '');
    assert.match(tooltip, /rolloutLens\.sources\[0\]\.files: missing/);
    assert.match(tooltip, /rolloutLens\.sources\[0\]\.colour: not known; known here: id, name, type, files, mapping/);
    assert.match(tooltip, /not read until that is mended/);
  });

  it('are a warning where the source is read all the same', () => {
    const [row] = rows([{ ...http, cafile: 'x' }]);
    assert.equal(row?.icon?.id, 'warning');
    assert.match(row.tooltip, /read without it/);
  });

  it('tell other settings by their key, and that the default is used', () => {
    const { problems } = decodeSettings((key) => (key === 'pollIntervalSeconds' ? 0 : undefined));
    const [row] = settingNodes(problems, english);
    assert.equal(`${String(row?.label)} ${String(row?.description)}`, 'pollIntervalSeconds is 0, has to be a number from 1 to 300');
    assert.match(row?.tooltip ?? '', /default is used/);
  });

  it('are wholly Chinese where the person reads Chinese: no expectation of a decoder is left in English', () => {
    const bad = [
      { ...http, id: 'a/b' },
      { ...http, id: 'builtin' },
      { ...http, name: ' ' },
      { ...http, name: 3 },
      { ...http, type: 'argo' },
      { ...http, url: 'x' },
      { ...http, url: 'https://u:p@h' },
      { ...http, url: 'https://h/?a' },
      { ...logs, files: [] },
      { ...logs, files: 'a' },
      { ...logs, mapping: 1 },
      { ...logs, mapping: { ...logs.mapping, time: { field: '' } } },
      { ...logs, mapping: { ...logs.mapping, time: { field: 's', unit: 'h' } } },
      { ...logs, mapping: { ...logs.mapping, variant: { field: 'v', canary: [] } } },
      { ...logs, mapping: { ...logs.mapping, status: { field: 's', errors: '>>5' } } },
      { ...logs, mapping: { ...logs.mapping, status: { field: 's', errors: {} } } },
      http,
      { ...http },
    ];
    const texts = bad.flatMap((one) => rows([http, one], chinese)).map(({ description }) => description);
    assert.equal(texts.length, bad.length);
    for (const text of texts) {
      assert.doesNotMatch(text, /^\?/);
      // What stands in quotes or names a part of an address is no English.
      assert.doesNotMatch(text.replace(/"[^"]*"|https?:\/\//g, ''), /[a-z]{2}/i, text);
    }
  });
});
