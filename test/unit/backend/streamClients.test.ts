import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OpenStream } from '../../../src/backend/http/openStream.ts';
import { StreamClients } from '../../../src/backend/http/streamClients.ts';

/** A client that takes nothing; it counts what waits for it. */
class Deaf implements OpenStream {
  readonly pieces: (string | Uint8Array)[] = [];
  cuts = 0;
  waiting: number;

  constructor(waiting = 0) {
    this.waiting = waiting;
  }
  write(piece: string | Uint8Array): void {
    this.pieces.push(piece);
    this.waiting += piece.length;
  }
  cut(): void {
    this.cuts += 1;
    this.waiting = 0;
  }
  end(): void {
    this.cut();
  }
}
const deaf = (waiting = 0): Deaf => new Deaf(waiting);

describe('the clients of the event stream', () => {
  it('cost together no more than the limit: the slowest are cut off', () => {
    const clients = new StreamClients({ clients: 10, waitingBytes: 100 });
    const [slowest, slow, quick] = [deaf(60), deaf(25), deaf(1)];
    for (const client of [quick, slow, slowest]) clients.add(client);
    assert.deepEqual([slowest.cuts, slow.cuts, quick.cuts], [0, 0, 0]);
    clients.send('x'.repeat(20));
    assert.deepEqual([slowest.cuts, slow.cuts, quick.cuts], [1, 0, 0]);
  });

  it('get one and the same memory of what is sent', () => {
    const clients = new StreamClients({ clients: 10, waitingBytes: 100 });
    const [a, b] = [deaf(), deaf()];
    clients.add(a);
    clients.add(b);
    clients.send('news');
    assert.equal(Buffer.from(a.pieces[0] ?? '').toString(), 'news');
    assert.equal(a.pieces[0], b.pieces[0]);
  });

  it('are counted', () => {
    const clients = new StreamClients({ clients: 2, waitingBytes: 100 });
    const first = deaf();
    clients.add(first);
    assert.equal(clients.isFull, false);
    clients.add(deaf());
    assert.equal(clients.isFull, true);
    clients.remove(first);
    assert.equal(clients.isFull, false);
  });
});
