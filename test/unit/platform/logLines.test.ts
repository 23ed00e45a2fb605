import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { message } from '../../../src/model/message.ts';
import { releaseKey } from '../../../src/model/release.ts';
import { refusalLine, unmeasuredLine } from '../../../src/platform/logLines.ts';

describe('lines of the output channel', () => {
  it('of a release that cannot be measured name it, its source and the reason', () => {
    assert.equal(
      unmeasuredLine('Production', 'Fraud model', {
        message: message('source.error.refused', { address: 'http://a/' }),
        detail: 'ECONNREFUSED',
      }),
      'Fraud model of the source Production could not be measured: Nothing listens at http://a/ (ECONNREFUSED). It is tried again, and this is not repeated until it works.',
    );
  });

  it('of a refusal name the act, the release and what the person was told', () => {
    assert.equal(
      refusalLine('promote', releaseKey('builtin', 'fraud-model'), 'Fraud model: This kind of service has no such act.', ''),
      'The act promote on the release builtin/fraud-model was refused. Fraud model: This kind of service has no such act.',
    );
  });
});
