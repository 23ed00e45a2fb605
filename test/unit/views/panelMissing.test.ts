import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { message } from '../../../src/model/message.ts';
import { releaseKey } from '../../../src/model/release.ts';
import { BUILTIN_SOURCE } from '../../../src/platform/ids.ts';
import type { SourceErrorKind } from '../../../src/sources/source.ts';
import type { SourceState } from '../../../src/store/state.ts';
import { buildPanelMissing } from '../../../src/views/panelModel.ts';
import { aPanel, aSource, NOW, words } from '../../fakes/panel.ts';

const failed = (kind: SourceErrorKind, changes: Partial<SourceState> = {}): SourceState =>
  aSource({
    name: 'Production',
    status: 'failed',
    error: { type: 'error', sourceId: 'svc', kind, at: NOW, message: message('the token is not accepted'), detail: '' },
    ...changes,
  });
const commands = (actions: readonly { readonly command: string }[] = []): readonly string[] =>
  actions.map(({ command }) => command.replace('rolloutLens.', ''));

describe('a panel whose source is gone', () => {
  const missing = (sourceId: string, source: SourceState | null = null, builtinFailure: string | null = null) =>
    buildPanelMissing({ releaseKey: releaseKey(sourceId, 'fraud'), name: 'Fraud model', source, builtinFailure }, words);
  it('says that the built-in service is stopped, and starts it', () => {
    const { text, actions } = missing(BUILTIN_SOURCE);
    assert.match(text, /^The built-in service is stopped\. .* Fraud model\.$/);
    assert.deepEqual(
      actions.map(({ command, label, tone }) => [command, label, tone]),
      [['rolloutLens.startBuiltin', 'Start built-in service', 'primary']],
    );
  });
  it('tells the last words of a built-in service that does not stay up', () => {
    const { text, actions } = missing(BUILTIN_SOURCE, null, 'starting\nthe port is taken\n');
    assert.match(text, /does not stay up.*the port is taken$/);
    assert.deepEqual(commands(actions), ['startBuiltin', 'showLog']);
  });
  it('offers a token where the source wants one, and another try where it fails', () => {
    assert.deepEqual(commands(missing('svc', failed('unauthorized')).actions), ['enterToken', 'retry', 'showLog']);
    assert.deepEqual(commands(missing('svc', failed('unreachable')).actions), ['retry', 'showLog']);
    assert.match(missing('svc', failed('unauthorized')).text, /^Production does not answer: the token is not accepted$/);
  });
  it('says that its source is not configured, and waits while one connects', () => {
    assert.match(missing('prod').text, /not configured here/);
    assert.deepEqual(commands(missing('prod').actions), ['connect']);
    const connecting = missing('svc', aSource({ status: 'connecting' }));
    assert.deepEqual([connecting.waiting, connecting.actions], [true, []]);
    assert.deepEqual(missing('svc', aSource()).actions, []);
  });
});

describe('a panel whose source does not answer', () => {
  it('says why over the answer, with what helps', () => {
    assert.equal(aPanel().trouble, null);
    const { trouble } = aPanel({ source: failed('forbidden') });
    assert.equal(trouble?.text, 'Production does not answer: the token is not accepted');
    assert.deepEqual(commands(trouble.actions), ['enterToken', 'retry', 'showLog']);
    assert.deepEqual(commands(aPanel({ source: aSource({ status: 'stale' }) }).trouble?.actions), ['retry', 'showLog']);
  });
  it('does not ask for a token of the built-in service, which has its own, and reads log files', () => {
    assert.deepEqual(commands(aPanel({ source: failed('unauthorized', { id: BUILTIN_SOURCE }) }).trouble?.actions), ['retry', 'showLog']);
    assert.deepEqual(commands(aPanel({ source: failed('forbidden', { kind: 'logs' }) }).trouble?.actions), ['retry', 'showLog']);
    assert.match(aPanel({ source: failed('notFound', { kind: 'logs' }) }).trouble?.text ?? 'no trouble', /^Production cannot be read: /);
  });
});
