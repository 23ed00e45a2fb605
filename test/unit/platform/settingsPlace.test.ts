import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findPlace } from '../../../src/platform/settingsPlace.ts';

const FILE = `{
  // the team's own
  "editor.fontSize": 12,
  "rolloutLens.sources": [
    { "id": "a", "url": "https://a" },
    { "id": "b", "url": "nowhere", /* [ */ "mapping": { "time": { "unit": "h" } }, },
  ],
}`;
const at = (...path: (string | number)[]): string | null => {
  const place = findPlace(FILE, ['rolloutLens.sources', ...path]);
  return place && FILE.slice(place.offset, place.offset + place.length);
};

describe('the place of a setting', () => {
  it('is found in a file with comments and trailing commas', () => {
    assert.equal(at(1, 'url'), '"url": "nowhere"');
    assert.equal(at(1, 'mapping', 'time', 'unit'), '"unit": "h"');
    assert.equal(at(0), '{ "id": "a", "url": "https://a" }');
  });

  it('is the nearest one around what is missing', () => {
    assert.match(at(0, 'files') ?? '', /^\{ "id": "a"/);
    assert.match(at(7) ?? '', /^"rolloutLens\.sources"/);
  });

  it('is nowhere in a file that does not have the setting', () => {
    assert.equal(findPlace('{ "a": 1 }', ['rolloutLens.sources', 0]), null);
    assert.equal(findPlace('', ['rolloutLens.sources']), null);
  });
});
