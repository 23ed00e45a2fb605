import assert from 'node:assert/strict';
import { it } from 'node:test';
import fastify from 'fastify';
import { errorHandler } from '../../../src/backend/http/problem.ts';

it('a full disk is said to the client, with what it means for the change; other faults stay in the log', async () => {
  const told: unknown[] = [];
  const app = fastify({ logger: false });
  app.setErrorHandler(errorHandler((error) => told.push(error)));
  app.get('/full', () => Promise.reject(Object.assign(new Error('database or disk is full'), { errcode: 13 })));
  app.get('/broken', () => Promise.reject(new Error('secret path /x/y')));
  const full = await app.inject('/full');
  const { status, code, detail } = full.json<{ status: number; code: string; detail: string }>();
  assert.deepEqual([full.statusCode, status, code], [507, 507, 'storageFull']);
  assert.match(detail, /disk .* is full: nothing was changed/);
  const broken = await app.inject('/broken');
  assert.deepEqual([broken.statusCode, broken.body.includes('secret')], [500, false]);
  assert.equal(told.length, 2);
  await app.close();
});
