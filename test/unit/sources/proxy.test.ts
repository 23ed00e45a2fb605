import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isLoopback, proxyFor } from '../../../src/sources/proxy.ts';

const through = (address: string, bypass: readonly string[] = [], url = 'http://proxy.example:3128'): string | null =>
  proxyFor(new URL(address), { url, bypass })?.host ?? null;

describe('proxy', () => {
  it('is never taken for this machine, however it is written', () => {
    const own = [
      'localhost',
      'LOCALHOST.',
      'app.localhost',
      '127.0.0.1',
      '127.8.9.10',
      '0x7f.1',
      '[::1]',
      '[0:0:0:0:0:0:0:1]',
      '[::ffff:127.0.0.1]',
    ];
    for (const host of own) {
      assert.equal(isLoopback(new URL(`http://${host}/`).hostname), true, host);
      assert.equal(through(`http://${host}:8080/`), null, host);
    }
    for (const host of ['localhost.example', '128.0.0.1', '[::2]', '127.0.0.1.example', '10.0.0.1']) {
      assert.equal(through(`http://${host}/`), 'proxy.example:3128', host);
    }
  });

  it('is left out for the names of the settings', () => {
    const bypass = ['.internal.example', '*.corp.example', 'exact.example', 'port.example:8443', '10.0.0.1', ' '];
    const direct = [
      'http://a.internal.example',
      'http://internal.example',
      'http://x.corp.example',
      'http://exact.example',
      'https://port.example:8443',
      'http://10.0.0.1',
    ];
    for (const address of direct) assert.equal(through(address, bypass), null, address);
    for (const address of ['http://notinternal.example', 'https://port.example', 'http://10.0.0.2'])
      assert.notEqual(through(address, bypass), null, address);
    assert.equal(through('http://anything.example', ['*']), null);
  });

  it('takes an address without a scheme, and none that is no proxy', () => {
    assert.equal(through('http://a.example', [], 'proxy.example:3128'), 'proxy.example:3128');
    for (const url of ['', 'socks5://proxy.example', '::']) assert.equal(through('http://a.example', [], url), null, url);
    assert.equal(proxyFor(new URL('http://a.example'), null), null);
  });
});
