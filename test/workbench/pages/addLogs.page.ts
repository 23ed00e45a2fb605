import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { scene } from '../harness/fixture.ts';

/** Three versions, of which two are canaries; times in nginx's local form; one line that is none. */
const access = (count: number, at: number): string =>
  Array.from({ length: count }, (_, i) => {
    const user = i % 300;
    const version = user % 10 === 0 ? 'v2-canary' : user % 10 === 1 ? 'v3-beta' : 'v1';
    const time = new Date(at - (count - i) * 100).toUTCString().replace(/^\w+, (\d+) (\w+) (\d+) ([\d:]+) GMT$/, '$1/$2/$3:$4 +0000');
    return JSON.stringify({
      time_local: time,
      version,
      status: version === 'v1' ? '200' : i % 4 === 0 ? '429' : '200',
      request_time: '0.040',
      user: i % 7 === 0 ? '-' : `u${String(user)}`,
    });
  }).join('\n') + '\n';

let folder: string;
scene(
  'log files are added step by step: what cannot be used says why, the canary and the rule for errors are chosen, and nothing is added unseen',
  {
    limitMs: 180_000,
    before: (after) => {
      folder = mkdtempSync(path.join(os.tmpdir(), 'rollout-lens-add-'));
      after(() => rmSync(folder, { recursive: true, force: true }));
      mkdirSync(path.join(folder, 'nested'));
      writeFileSync(path.join(folder, 'empty.log'), '');
      writeFileSync(path.join(folder, 'plain.log'), '127.0.0.1 - - "GET / HTTP/1.1" 200 12\n');
      writeFileSync(path.join(folder, 'old.log.gz'), gzipSync('{}\n'));
      writeFileSync(path.join(folder, 'Zugriff 访问.jsonl'), `${access(900, Date.now() - 5000)}half a line without end of an obj\n`);
      return Promise.resolve({ settings: { 'rolloutLens.alerts.notify': false } });
    },
  },
  async ({ page, ui, picture, server }) => {
    /** The question stands in a box's placeholder or below it. */
    const asks = (text: string | RegExp): Promise<void> =>
      ui.quickInput
        .filter({ hasText: text })
        .or(ui.quickInput.filter({ has: page.getByPlaceholder(text) }))
        .first()
        .waitFor();
    /** What the boxes's rows are ticked as. */
    const ticked = (): Promise<readonly string[]> =>
      ui.quickInput
        .locator('.monaco-list-row')
        .evaluateAll((rows) =>
          rows
            .filter((row) => row.getAttribute('aria-checked') === 'true' || row.querySelector('[aria-checked=true]') !== null)
            .map((row) => row.querySelector('.label-name')?.textContent ?? ''),
        );
    await ui.openView('Rollouts');
    await ui.command('Rollout Lens: Add Log Files…');
    const type = async (pattern: string): Promise<void> => {
      await asks('Choose files…');
      await ui.pick('Type a path or pattern…');
      await asks(/Path or glob pattern/);
      await ui.answer(path.join(folder, pattern));
    };
    for (const [pattern, reason] of [
      ['nothing*.log', /No file matches .*nothing\*\.log/],
      ['empty.log', /empty\.log is empty, so there is no line yet to learn from/],
      ['nested', /nested is a folder; name the files in it, such as .*nested\/\*\.log/],
      ['old.log*', /matches compressed files only, such as .*old\.log\.gz/],
      ['plain.log', /No line of .*plain\.log is a JSON object, as in: 127\.0\.0\.1/],
    ] as const) {
      await type(pattern);
      const said = await ui.dialogText();
      assert.match(said, reason);
      assert.match(said, /Nothing was added/);
      if (pattern === 'plain.log') await picture('add-logs-refused');
      await ui.press('Choose Other Files…');
    }
    await type('Zugriff 访问.jsonl');
    await asks('Follow the names that rotation gives them too?');
    await ui.pick('With their rotated files');
    await asks('Which value of version is the canary?');
    assert.deepEqual(await ui.picks(), ['v1, 720 lines, 80%', 'v2-canary, 90 lines, 10%', 'v3-beta, 90 lines, 10%']);
    assert.deepEqual(await ticked(), ['v2-canary'], 'the guess is ticked');
    await picture('add-logs-canary');
    await page.keyboard.press('Escape');
    await asks('Follow the names that rotation gives them too?');
    await ui.pick('With their rotated files');
    await asks('Which value of version is the canary?');
    await ui.pick('v3-beta');
    assert.deepEqual(await ticked(), ['v2-canary', 'v3-beta']);
    await page.keyboard.press('Enter');
    await asks('Is this right? Choose a line to correct it.');
    const rows = await ui.picks();
    assert.match(rows[0] ?? '', /Go on.*900 of 901 sampled lines are understood/);
    assert.match(rows.find((row) => row.includes('Canary')) ?? '', /v2-canary, v3-beta · 180 of 900 lines, 20%/);
    await picture('add-logs-overview');
    await ui.pick('Status and errors');
    await asks('Which field holds the status?');
    await ui.pick('status');
    await asks(/Which values of status are errors.*Seen: 200 ×\d+, 429 ×\d+/);
    await ui.answer('>=500, 429', false);
    await asks(/\d+ of 900 sampled lines are errors by this rule/);
    await page.keyboard.press('Enter');
    await asks('Is this right? Choose a line to correct it.');
    await ui.pick('Go on');
    await asks('Name of the source in the tree');
    await ui.answer('Shop edge');
    const preview = await ui.dialogText();
    assert.match(preview, /Add the logs Shop edge\?/);
    assert.match(preview, /900 of 901 sampled lines are understood/);
    assert.match(preview, /Canary \(version is v2-canary, v3-beta\): 180 of 900 lines, 20%/);
    assert.match(preview, /Errors \(status >=500, 429\): 25(\.\d)?% of the canary, 0% of the stable version/);
    assert.match(preview, /Newest line: .* ago/);
    assert.match(preview, /Followed: .*访问\.jsonl\*, /);
    assert.match(preview, /Not counted: 1 line \(no JSON object\), as in: half a line/);
    await picture('add-logs-preview');
    await ui.press('Add');
    await ui.row(/^Zugriff|^Shop edge/).waitFor();
    const release = ui.rows.and(page.locator('[aria-level="2"]')).filter({ hasText: 'observed' }).first();
    await release.waitFor();
    assert.match(await release.innerText(), /20%/);

    // Rotated while it is followed: the file goes on under its new name, and is still counted after a reload.
    const live = path.join(folder, 'Zugriff 访问.jsonl');
    renameSync(live, `${live}.1`);
    appendFileSync(live, access(100, Date.now()));
    await ui.reloadWindow();
    await ui.openView('Rollouts');
    await release.waitFor();
    assert.match(await release.innerText(), /20%|1[89]\.\d%/);
    await ui.expand(/observed/);
    await ui.expand(/^Variants/);
    await picture('add-logs-rotated');

    await ui.command('Rollout Lens: Add Log Files…');
    await asks('Choose files…');
    await page.keyboard.press('Escape');
    await ui.toast('No log files were added.').waitFor();
    const settings = readFileSync(path.join(server.folder, 'data/data/User/settings.json'), 'utf8');
    const sources = (JSON.parse(settings) as Record<string, readonly { readonly name: string; readonly files: readonly string[] }[]>)[
      'rolloutLens.sources'
    ];
    assert.deepEqual(
      sources?.map(({ name }) => name),
      ['Shop edge'],
    );
    assert.ok(
      sources[0]?.files.some((file) => file.endsWith('.jsonl*')),
      'with its rotated files',
    );
  },
);
