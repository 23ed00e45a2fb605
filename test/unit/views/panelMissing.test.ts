import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { releaseKey } from '../../../src/model/release.ts';
import { BUILTIN_SOURCE } from '../../../src/platform/ids.ts';
import { fill } from '../../../src/platform/localizer.ts';
import { buildPanelMissing } from '../../../src/views/panelModel.ts';
import { english } from '../../fakes/english.ts';

describe('a panel whose source is gone', () => {
  const text = (sourceId: string): string =>
    buildPanelMissing(releaseKey(sourceId, 'fraud'), 'Fraud model', null, {
      l10n: english,
      translate: ({ key, args }) => fill(key, args as never),
    }).text;
  it('says that the built-in service is stopped, and what starts it', () => {
    assert.match(text(BUILTIN_SOURCE), /^The built-in service is stopped\. .*"Start Built-in Service".* Fraud model\.$/);
    assert.match(text('prod'), /not configured here/);
  });
});
