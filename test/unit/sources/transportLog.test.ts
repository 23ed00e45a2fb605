import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TransportLog } from '../../../src/sources/transportLog.ts';

const recording = () => {
  const lines: string[] = [];
  const at = (level: string) => (text: string) => void lines.push(`${level} ${text}`);
  return { lines, log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } };
};
const GET = 'GET http://127.0.0.1:1/api/v1/releases';
const refused = { kind: 'refused', detail: 'connect ECONNREFUSED 127.0.0.1:1' } as const;

describe('what the output channel tells of a connection', () => {
  it('is a sentence with what, where and why, once until it works again', () => {
    const { lines, log } = recording();
    const told = new TransportLog(log);
    for (let poll = 0; poll < 5; poll++) told.failed(GET, refused);
    told.worked(GET);
    told.worked(GET);
    told.failed(GET, refused);
    assert.deepEqual(
      lines.filter((line) => !line.startsWith('debug')),
      [
        `warn ${GET} failed: nothing listens there (connect ECONNREFUSED 127.0.0.1:1). It is tried again, and this is not repeated until it works.`,
        `info ${GET} works again.`,
        `warn ${GET} failed: nothing listens there (connect ECONNREFUSED 127.0.0.1:1). It is tried again, and this is not repeated until it works.`,
      ],
    );
  });

  it('another reason is news, what was cancelled is none', () => {
    const { lines, log } = recording();
    const told = new TransportLog(log);
    told.failed(GET, refused);
    told.failed(GET, { kind: 'timeout', detail: '10 s' });
    told.failed(GET, { kind: 'aborted', detail: '' });
    assert.equal(lines.length, 2);
    assert.match(lines[1] ?? '', /^warn .* no answer came in time \(10 s\)/);
  });
});
