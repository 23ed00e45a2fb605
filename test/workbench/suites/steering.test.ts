/** The commands against the real built-in service; only what a person clicks or types is answered by the test. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { TestApi } from '../../../src/extension.ts';
import type { ReleaseKey } from '../../../src/model/release.ts';
import type { TreeNode } from '../../../src/views/treeNode.ts';
import { until } from '../../../scripts/bed/until.ts';
import { answering } from '../harness/dialogs.ts';

interface ReleaseJson {
  readonly id: string;
  readonly ratio: number;
  readonly revision: string | number;
  readonly state: string;
}

const KEY = 'builtin/checkout' as ReleaseKey;
const command = (name: string, argument?: unknown): Thenable<unknown> => vscode.commands.executeCommand(`rolloutLens.${name}`, argument);

const activate = async (): Promise<TestApi> => {
  const extension = vscode.extensions.getExtension<TestApi>('rollout-lens.rollout-lens');
  assert.ok(extension, 'the extension is there');
  return extension.activate();
};

describe('steering a release of the built-in service', () => {
  let api: TestApi;
  let service: { readonly url: string; readonly token: string };

  const call = async (method: string, where: string, body?: unknown, headers: Record<string, string> = {}): Promise<unknown> => {
    const answer = await fetch(`${service.url}/api/v1/${where}`, {
      method,
      headers: {
        authorization: `Bearer ${service.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    assert.ok(answer.ok, `${method} ${where}: ${answer.status} ${await answer.clone().text()}`);
    return answer.json();
  };
  const release = async (): Promise<ReleaseJson> => (await call('GET', 'releases/checkout')) as ReleaseJson;
  const row = (id: string, nodes: readonly TreeNode[] = api.tree.snapshot): TreeNode | undefined => {
    for (const node of nodes) {
      const found = node.id === id ? node : row(id, node.children);
      if (found) return found;
    }
    return undefined;
  };
  const described = (what: string, pattern: RegExp): Promise<unknown> =>
    until(what, () => pattern.test(row(`release/${KEY}`)?.description ?? ''), 10_000);

  before(async function () {
    this.timeout(40_000);
    api = await activate();
    assert.equal(api.contextKeys.current['welcome'], 'noSource', 'without a source the view teaches');
    const url = await command('startBuiltin');
    assert.equal(typeof url, 'string', 'the service says where it listens');
    const info = JSON.parse(readFileSync(path.join(path.dirname(api.journalFile), 'service', 'service.json'), 'utf8')) as {
      url: string;
      token: string;
    };
    service = { url: info.url, token: info.token };
    await until('the source is connected', () => api.store.state.sources[0]?.status === 'connected', 15_000);
    // Another suite may have left releases in the service: it keeps its data.
    const empty = api.store.state.releases.size === 0;
    assert.equal(api.contextKeys.current['welcome'], empty ? 'noReleases' : 'none');
    await call('POST', 'releases', {
      id: 'checkout',
      name: 'checkout-model',
      service: 'checkout',
      ratio: 0.1,
      steps: [{ ratio: 0.1 }, { ratio: 0.2 }, { ratio: 0.5 }],
      versions: { stable: 'v41', canary: 'v42' },
    });
    await until('the tree shows the release', () => row(`release/${KEY}`) !== undefined, 15_000);
  });

  after(async function () {
    this.timeout(20_000);
    await command('stopBuiltin');
  });

  it('the tree tells versions, ratio and steps', () => {
    const node = row(`release/${KEY}`);
    assert.equal(node?.label, 'checkout-model');
    assert.match(node.description, /10%/);
    assert.match(node.contextValue, /\bcan-setRatio\b/);
    assert.equal(row(`release/${KEY}/variants`)?.description, 'stable v41 · canary v42');
    assert.deepEqual(
      row(`release/${KEY}/steps`)?.children.map(({ label }) => label),
      ['10%', '20%', '50%'],
    );
    assert.equal(api.contextKeys.current['welcome'], 'none');
    assert.equal(api.contextKeys.current['hasReleases'], true);
    assert.match(String(api.contextKeys.current['here']), /\bcan-setRatio\b/, 'the palette may offer it');
    assert.equal(api.contextKeys.current['panel'], '', 'no panel is in front');
  });

  it('a ratio is set after a preview with the exact request, and goes to audit and journal with its reason', async () => {
    const seen = await answering(
      { showWarningMessage: ['Give a Reason…', 'Set to 20%'], showInputBox: ['first look is fine'] },
      async (dialogs) => {
        assert.equal(await command('setRatio', { key: KEY, ratio: 0.2 }), 'seen');
        return dialogs;
      },
    );
    const [asked] = seen.showWarningMessage;
    assert.equal(asked?.[0], 'Set the ratio of checkout-model to 20%?');
    const detail = (asked[1] as { modal: boolean; detail: string }).detail;
    assert.match(detail, /Ratio: 10% → 20%/);
    assert.match(detail, new RegExp(`PATCH ${service.url}/api/v1/releases/checkout`));
    assert.match(detail, /if-match: "/);
    assert.match(detail, /\{"ratio":0\.2\}/);
    // The reason is part of the request, so the request is shown again with it.
    const again = (seen.showWarningMessage[1]?.[1] as { detail: string }).detail;
    assert.match(again, /\{"ratio":0\.2,"reason":"first look is fine"\}/);
    assert.doesNotMatch(detail, new RegExp(service.token), 'no token on screen');
    assert.equal((await release()).ratio, 0.2);
    await described('the tree shows the new ratio', /20%/);
    const { entries } = (await call('GET', 'audit?release=checkout')) as {
      entries: { action: string; to: number; reason: string | null }[];
    };
    assert.deepEqual(
      entries.filter(({ action }) => action === 'setRatio').map(({ to, reason }) => [to, reason]),
      [[0.2, 'first look is fine']],
    );
    const lines = readFileSync(api.journalFile, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.equal(lines.filter((line) => line['type'] === 'act').at(-1)?.['reason'], 'first look is fine');
    assert.equal(lines.at(-1)?.['result'], 'seen');
    assert.doesNotMatch(readFileSync(api.journalFile, 'utf8'), new RegExp(service.token), 'no token in the journal');
    // The message that tells of it offers to undo it.
    const told = seen.showInformationMessage.find(([text]) => String(text).includes('10% → 20%'));
    assert.ok(told?.includes('Undo…'));
  });

  it('nothing is sent when the person cancels', async () => {
    const before = await release();
    await answering({ showWarningMessage: [undefined] }, async () => {
      assert.equal(await command('setRatio', { key: KEY, ratio: 0.5 }), 'cancelled');
    });
    assert.equal((await release()).revision, before.revision);
  });

  it('the last change is undone', async () => {
    await until('undo is offered on the row', () => /\bcan-undo\b/.test(row(`release/${KEY}`)?.contextValue ?? ''), 10_000);
    const seen = await answering({ showWarningMessage: ['Undo'] }, async (dialogs) => {
      assert.equal(await command('undo', { key: KEY }), 'seen');
      return dialogs;
    });
    assert.equal(seen.showWarningMessage[0]?.[0], 'Undo your last change of checkout-model?');
    assert.equal((await release()).ratio, 0.1);
  });

  it('a change that somebody else made first is refused with the new value', async () => {
    const seen = await answering(
      {
        showWarningMessage: [
          async () => {
            const now = await release();
            await call('PATCH', 'releases/checkout', { ratio: 0.15 }, { 'if-match': `"${String(now.revision)}"`, 'x-actor': 'other' });
            return 'Set to 20%';
          },
        ],
      },
      async (dialogs) => {
        assert.equal(await command('setRatio', { key: KEY, ratio: 0.2 }), 'refused');
        return dialogs;
      },
    );
    assert.match(String(seen.showWarningMessage.at(-1)?.[0]), /ratio was 10% and is now 15%/);
    assert.equal((await release()).ratio, 0.15);
    await described('the tree shows what holds', /15%/);
  });

  it('pause and resume show what they send and do, and warn of nothing', async () => {
    const before = await release();
    const seen = await answering({ showInformationMessage: ['Pause'] }, async (dialogs) => {
      assert.equal(await command('pause', { key: KEY }), 'seen');
      return dialogs;
    });
    assert.equal(seen.showWarningMessage.length, 0);
    const [question, options, ...buttons] = seen.showInformationMessage[0] ?? [];
    assert.equal(question, 'Pause checkout-model?');
    assert.deepEqual(buttons, ['Pause', 'Give a Reason…']);
    const { modal, detail } = options as { readonly modal: boolean; readonly detail: string };
    assert.equal(modal, true);
    assert.match(detail, /It stays at \d+%/);
    assert.ok(detail.includes(`, revision ${String(before.revision)}:\nPOST `), detail);
    assert.match(detail, /\/actions\/pause\n[^]*if-match/i);
    assert.equal((await release()).state, 'paused');
    await described('the tree says so', /paused/);
    await answering({ showInformationMessage: ['Resume'] }, async () => {
      assert.equal(await command('resume', { key: KEY }), 'seen');
    });
  });

  it('a dangerous act never has its own button first', async () => {
    const before = await release();
    const seen = await answering({ showWarningMessage: [undefined] }, async (dialogs) => {
      assert.equal(await command('rollback', { key: KEY }), 'cancelled');
      return dialogs;
    });
    const [, , first, second] = seen.showWarningMessage[0] ?? [];
    assert.equal(first, 'Give a Reason…');
    assert.equal(second, 'Roll Back');
    assert.equal((await release()).revision, before.revision);
  });

  it('which variant a user gets is answered with why', async () => {
    const text = await answering({ showInputBox: ['user-7'] }, () => command('whichVariant', { key: KEY }));
    const { variant } = (await call('GET', 'releases/checkout/assignment?user_id=user-7')) as { variant: string };
    assert.match(String(text), new RegExp(`User user-7 gets ${variant === 'canary' ? 'v42' : 'v41'} \\(${variant}\\)`));
    assert.match(String(text), /bucket [\d,]+ of 100,000/);
  });

  it('the filter finds by name and by state, and clears', async () => {
    await command('filter', 'nothing-like-this');
    assert.equal(row(`release/${KEY}`), undefined);
    assert.equal(row('filter')?.label, 'Filter "nothing-like-this"', 'what hides everything is named');
    assert.match(row('filter')?.description ?? '', /^0 of \d+ releases?$/);
    await command('filter', 'checkout');
    assert.ok(row(`release/${KEY}`));
    await command('clearFilter');
    assert.equal(api.contextKeys.current['filtered'], false);
  });

  it('a link is copied and opens the panel', async () => {
    const link = String(await command('copyLink', { key: KEY }));
    assert.match(link, /:\/\/rollout-lens\.rollout-lens\/release\/builtin\/checkout$/);
    await command('openLink', link);
    await until(
      'the panel is open',
      () => vscode.window.tabGroups.all.some((group) => group.tabs.some((tab) => tab.input instanceof vscode.TabInputWebview)),
      10_000,
    );
    await until('menus know whose panel is in front', () => /\bcan-setRatio\b/.test(String(api.contextKeys.current['panel'])), 5_000);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await until('and that none is', () => api.contextKeys.current['panel'] === '', 5_000);
  });

  it('the journal of the release opens to be read: what was done here and at the service, and no other release', async () => {
    assert.ok(existsSync(api.journalFile));
    await command('showJournal', { key: KEY });
    const shown = vscode.window.activeTextEditor?.document;
    assert.equal(shown?.uri.scheme, 'rollout-lens-journal');
    const text = shown.getText();
    assert.match(text, /^Journal of .* at Built-in service\n/);
    assert.match(text, / · Ratio set: .* → .* · .*, from this machine\n/);
    assert.match(text, / · Created: .*\n/, 'what was done elsewhere');
    assert.doesNotMatch(text, /"type":/);
    await command('showJournal');
    assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /^Journal\n/);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('a stopped service leaves the tree, and comes back at its address with what it knew', async function () {
    this.timeout(30_000);
    await command('stopBuiltin');
    await until('the source is gone', () => api.store.state.sources.length === 0, 10_000);
    assert.equal(row(`release/${KEY}`), undefined);
    await until(
      'the service does not answer',
      () =>
        fetch(`${service.url}/healthz`).then(
          () => false,
          () => true,
        ),
      15_000,
    );
    assert.equal(await command('startBuiltin'), service.url, 'it comes back at the same address');
    await until('with what it knew', () => row(`release/${KEY}`) !== undefined, 15_000);
  });
});
