import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SILENT_LOG } from '../../../src/base/log.ts';
import { Recent } from '../../../src/platform/recent.ts';
import { aMemento } from '../../fakes/memento.ts';

describe('what a window had running', () => {
  it('is known to the window that is loaded anew, for two minutes', () => {
    const memento = aMemento();
    const before = new Recent(memento, 'builtin', SILENT_LOG);
    before.inUse('service');
    before.dispose();
    const after = new Recent(memento, 'builtin', SILENT_LOG);
    assert.equal(after.last(Date.now() + 60_000), 'service');
    assert.equal(after.last(Date.now() + 121_000), null, 'and does not come back by itself later');
  });

  it('is forgotten when it was ended on purpose', () => {
    const memento = aMemento();
    const recent = new Recent(memento, 'builtin', SILENT_LOG);
    recent.inUse('service');
    recent.ended();
    assert.equal(new Recent(memento, 'builtin', SILENT_LOG).last(Date.now()), null);
  });

  it('is nothing at first, whatever an older version wrote', async () => {
    const memento = aMemento();
    assert.equal(new Recent(memento, 'builtin', SILENT_LOG).last(Date.now()), null);
    await memento.update('builtin', { scenario: 'finance', at: Date.now() });
    assert.equal(new Recent(memento, 'builtin', SILENT_LOG).last(Date.now()), null);
  });
});
