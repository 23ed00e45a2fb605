import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { versionOf } from '../../scripts/bed/vscode.ts';
import { ROOT } from '../fakes/manifest.ts';

test('the oldest VS Code that is promised is the one the types are of and the one that is tested', () => {
  const { engines, devDependencies } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    readonly engines: { readonly vscode: string };
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  const minor = (version: string): string => version.split('.', 2).join('.');
  assert.match(engines.vscode, /^\^\d+\.\d+\.0$/);
  const promised = minor(engines.vscode.slice(1));
  assert.equal(minor(devDependencies['@types/vscode'] ?? ''), promised);
  assert.equal(minor(versionOf('floor')), promised);
});
