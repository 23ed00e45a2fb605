/** Connecting, tokens, log files and settings, against the real built-in service and real files. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { TestApi } from '../../../src/extension.ts';
import type { TreeNode } from '../../../src/views/treeNode.ts';
import { until } from '../../../scripts/bed/until.ts';
import { desertedPort } from '../../fakes/httpServer.ts';
import { answering } from '../harness/dialogs.ts';
import { recordedLines } from '../harness/recordedLog.ts';

const command = (name: string, argument?: unknown): Thenable<unknown> => vscode.commands.executeCommand(`rolloutLens.${name}`, argument);
const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('rolloutLens');

describe('sources', () => {
  let api: TestApi;
  let service: { readonly url: string; readonly token: string };
  let folder: string;
  /** The project's folder, which is the extension under development. */
  let root: string;

  const rows = (nodes: readonly TreeNode[] = api.tree.snapshot): readonly TreeNode[] =>
    nodes.flatMap((node) => [node, ...rows(node.children)]);
  const row = (id: string): TreeNode | undefined => rows().find((node) => node.id === id);
  const status = (id: string): string | undefined => api.store.state.sources.find((source) => source.id === id)?.status;

  before(async function () {
    this.timeout(40_000);
    folder = mkdtempSync(path.join(os.tmpdir(), 'rollout-lens-logs-'));
    const extension = vscode.extensions.getExtension<TestApi>('rollout-lens.rollout-lens');
    assert.ok(extension);
    root = extension.extensionPath;
    api = await extension.activate();
    await command('startBuiltin');
    const file = path.join(path.dirname(api.journalFile), 'service', 'service.json');
    service = JSON.parse(readFileSync(file, 'utf8')) as { url: string; token: string };
  });

  after(async function () {
    this.timeout(20_000);
    await settings().update('sources', undefined, vscode.ConfigurationTarget.Global);
    await command('stopBuiltin');
    rmSync(folder, { recursive: true, force: true });
  });

  it('an address is asked before anything is saved; what is wrong is told, what was typed is kept, and nothing is left when given up', async function () {
    this.timeout(20_000);
    const nobody = await desertedPort();
    await answering(
      { showInputBox: [`http://127.0.0.1:${String(nobody)}`, undefined], showWarningMessage: ['Correct the Address…'] },
      async (asked) => {
        assert.equal(await command('connect'), null);
        assert.match(String(asked.showWarningMessage[0]?.[0]), /Nothing listens/);
        assert.deepEqual(asked.showWarningMessage[0]?.slice(2), ['Correct the Address…', 'Try Again', 'Save Anyway…']);
        assert.equal((asked.showInputBox[1]?.[0] as { value: string }).value, `http://127.0.0.1:${String(nobody)}`);
      },
    );
    assert.deepEqual(settings().get('sources'), []);
  });

  it('a service is connected by address, token and name, and says what it is before it is saved; the settings hold no token', async () => {
    const id = await answering({ showInputBox: [`${service.url}/`, service.token, 'Production'] }, async (asked) => {
      const added = await command('connect');
      const prompts = asked.showInputBox.map(([options]) => (options as { prompt: string }).prompt);
      assert.match(prompts[1] ?? '', /^Token for http:\/\/127\.0\.0\.1:\d+\./);
      assert.match(prompts[2] ?? '', /^Rollout Lens service \d+\.\d+\.\d+, (no release yet|\d+ releases?), you may write\. Name/);
      return added;
    });
    assert.equal(id, 'production');
    await until('it is connected', () => status('production') === 'connected', 15_000);
    assert.deepEqual(settings().get('sources'), [{ id: 'production', name: 'Production', type: 'http', url: service.url }]);
    assert.equal(row('source/production')?.label, 'Production');
  });

  it('an address that is connected already is named, and no twin is added', async () => {
    await answering({ showInputBox: [service.url] }, async (asked) => {
      assert.equal(await command('connect'), null);
      assert.match(String(asked.showInformationMessage[0]?.[0]), /^Production has this address already/);
    });
    assert.equal((settings().get('sources') as unknown[]).length, 1);
  });

  it('the token never goes to another address, whatever the settings say', async () => {
    const seen: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(401, { 'content-type': 'application/problem+json' }).end('{"status":401}');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${String((other.address() as AddressInfo).port)}`;
      await settings().update('sources', [{ id: 'production', name: 'Production', type: 'http', url }], vscode.ConfigurationTarget.Global);
      await until('it fails', () => status('production') === 'failed', 15_000);
      assert.ok(seen.length > 0);
      assert.ok(
        seen.every((header) => header === undefined),
        'asked without a token',
      );
      const error = row('error/production');
      assert.match(error?.label ?? '', /^Enter a token/);
      assert.equal(error?.contextValue, 'sourceError kind-unauthorized of-http');
    } finally {
      other.closeAllConnections();
      other.close();
    }
  });

  it('back at its own address it is connected again by itself, with the token entered before', async () => {
    await settings().update(
      'sources',
      [{ id: 'production', name: 'Production', type: 'http', url: service.url }],
      vscode.ConfigurationTarget.Global,
    );
    await until('it is connected', () => status('production') === 'connected', 15_000);
  });

  it('a wrong token is told, and a right one counts at once', async () => {
    await answering({ showInputBox: ['wrong'] }, async (asked) => {
      assert.equal(await command('enterToken', { sourceId: 'production' }), false);
      assert.match(String(asked.showWarningMessage[0]?.[0]), /token is not accepted/i);
    });
    assert.equal(status('production'), 'connected', 'the one that works is still the one that counts');
    await answering({ showInputBox: ['wrong'], showWarningMessage: ['Keep It Anyway'] }, () =>
      command('enterToken', { sourceId: 'production' }),
    );
    await until('it is refused', () => status('production') === 'failed', 15_000);
    assert.match(row('error/production')?.label ?? '', /^The token is not accepted/);
    await answering({ showInputBox: [service.token] }, () => command('enterToken', { sourceId: 'production' }));
    await until('it is connected', () => status('production') === 'connected', 15_000);
  });

  it('a mistake in the settings is shown where it stands, and costs only its own source', async () => {
    const good = { id: 'production', name: 'Production', type: 'http', url: service.url };
    await settings().update('sources', [good, { id: 'bad', name: 'Bad', type: 'http', url: 'nowhere' }], vscode.ConfigurationTarget.Global);
    const wrong = 'config/rolloutLens.sources[1]';
    await until('the mistake is told', () => row(wrong) !== undefined, 5_000);
    assert.equal(row(wrong)?.label, 'Bad · url');
    await command('openSettings', { id: wrong });
    const editor = vscode.window.activeTextEditor;
    assert.match(editor?.document.uri.path ?? '', /settings\.json$/);
    const line = editor?.document.lineAt(editor.selection.active.line).text ?? '';
    assert.match(line, /"url": "nowhere"/, 'the cursor stands on the mistake');
    assert.equal(status('production'), 'connected');
    await settings().update('sources', [good], vscode.ConfigurationTarget.Global);
    await until('it is gone', () => row(wrong) === undefined, 5_000);
  });

  it('a source is removed after asking', async () => {
    await answering({ showWarningMessage: [undefined] }, () => command('removeSource', { sourceId: 'production' }));
    assert.ok(row('source/production'));
    await answering({ showWarningMessage: ['Remove'] }, () => command('removeSource', { sourceId: 'production' }));
    await until('it is gone', () => row('source/production') === undefined, 5_000);
  });

  it('log files are added with a guess at their fields, and followed', async () => {
    const file = path.join(folder, 'access.json');
    writeFileSync(file, `${recordedLines(root, Date.now() - 30_000, 60).join('\n')}\n`);
    const id = await answering(
      {
        showQuickPick: [
          (items: readonly vscode.QuickPickItem[]) => items[1],
          (items: readonly vscode.QuickPickItem[]) => items.filter(({ picked }) => picked),
          (items: readonly vscode.QuickPickItem[]) => items[0],
        ],
        showInputBox: [path.join(folder, '*.json'), 'Access logs'],
        showInformationMessage: ['Add'],
      },
      async (asked) => {
        const added = await command('addLogSource');
        const [question, options] = asked.showInformationMessage[0] ?? [];
        assert.equal(question, 'Add the logs Access logs?');
        const { detail } = options as { detail: string };
        for (const told of [
          /^1,?000 of 1,?000 sampled lines are understood/,
          /^Canary \(variant is canary\): 106 of 1,000 lines/m,
          /^Errors \(status >=500\): 3\.8% of the canary, 0\.22% of the stable/m,
          /^Response time \(request_time\): median 3 ms/m,
        ])
          assert.match(detail, told);
        return added;
      },
    );
    assert.equal(id, 'access-logs');
    await until(
      'the release of the logs is there',
      () => rows().some(({ kind, sourceId }) => kind === 'release' && sourceId === 'access-logs'),
      15_000,
    );
    const release = rows().find(({ kind, sourceId }) => kind === 'release' && sourceId === 'access-logs');
    assert.match(release?.description ?? '', /of requests observed|observed/);
    assert.doesNotMatch(release?.contextValue ?? '', /\bcan-setRatio\b/, 'nobody here holds its ratio');
    const seen = await answering({}, async (asked) => {
      assert.equal(await command('setRatio', { key: release?.key, ratio: 0.5 }), 'refused');
      return asked;
    });
    assert.match(JSON.stringify(seen), /seen only in logs/);
    const requests = (): number =>
      [...api.store.state.releases.values()].find((state) => state.key === release?.key)?.evidence?.variants.stable.requests ?? 0;
    const before = await until('it is measured', requests, 15_000);
    assert.equal(before, 2693, 'all that nginx wrote of the stable');
    const more = recordedLines(root, Date.now(), 20);
    appendFileSync(file, `${more.join('\n')}\n`);
    await until('new lines count', () => requests() === before + 2693, 15_000);
  });
});
