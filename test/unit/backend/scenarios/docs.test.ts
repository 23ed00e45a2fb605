import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { scenariosPage } from '../../../../scripts/docs-scenarios.ts';

it('docs/scenarios.md is what the scenarios are now', { timeout: 10_000 }, () => {
  const written = readFileSync(new URL('../../../../docs/scenarios.md', import.meta.url), 'utf8');
  assert.equal(written, scenariosPage(), 'run node scripts/docs-scenarios.ts');
});
