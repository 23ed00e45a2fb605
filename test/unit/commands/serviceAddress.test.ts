import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { completeAddress, sourceAt } from '../../../src/commands/serviceAddress.ts';

describe('an address as a person types it', () => {
  for (const [typed, address] of [
    [' https://rollouts.example.com/ ', 'https://rollouts.example.com'],
    ['rollouts.example.com', 'https://rollouts.example.com'],
    ['rollouts.example.com:8443/gray/', 'https://rollouts.example.com:8443/gray'],
    ['localhost:8080', 'http://localhost:8080'],
    ['127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['ftp://host', null],
    ['https://user:secret@host', null],
    ['https://host/?token=x', null],
    ['', null],
    ['https://', null],
  ] as const)
    it(`${JSON.stringify(typed)} is ${address ?? 'none'}`, () => assert.equal(completeAddress(typed), address));

  it('is known where a source has it, however it is written', () => {
    const http = { id: 'a', name: 'Production', type: 'http', url: 'https://Host.example:443/gray/', caFile: null } as const;
    assert.equal(sourceAt('https://host.example/gray', [http])?.name, 'Production');
    assert.equal(sourceAt('https://host.example', [http]), null);
    assert.equal(sourceAt('http://host.example/gray', [http]), null);
  });
});
