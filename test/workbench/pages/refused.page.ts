/** The service says no: what a person reads then, and what can be done about it. */
import assert from 'node:assert/strict';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { scene } from '../harness/fixture.ts';
import { startService, type Service } from '../harness/service.ts';
import { enterToken, SOURCE, sourcesSetting } from '../harness/story.ts';

const RELEASE = { id: 'shop', name: 'Shop model', service: 'shop', ratio: 0.1, versions: { stable: 'v1', canary: 'v2' } } as const;
const STEPS = [{ ratio: 0.1, pauseSeconds: 86_400 }, { ratio: 0.5 }];

const begin = async (after: (cleanUp: () => Promise<void>) => void): Promise<Service> => {
  const service = await startService(after);
  const { status, body } = await service.api('POST', '/api/v1/releases', { ...RELEASE, steps: STEPS });
  assert.equal(status, 201, JSON.stringify(body));
  return service;
};

let service: Service;
scene(
  'a token that may only read: a change is refused in plain words with what holds, and is not offered again',
  {
    before: async (after) => {
      service = await begin(after);
      return { settings: sourcesSetting(service) };
    },
  },
  async ({ page, ui, picture }) => {
    await ui.openView('Rollouts');
    await ui.row(SOURCE.name).waitFor();
    await enterToken({ ui }, service);
    await ui.row(/^Shop model.*10%/).waitFor();
    await ui.context(/^Shop model/, 'Set Ratio…');
    await ui.answer('40');
    await ui.dialogText();
    // Meanwhile somebody took the right to write from this token.
    await service.stop();
    await service.restart('viewer');
    await ui.press('Set to 40%');
    const refused = ui.toast(/Shop model: The token may not do this; nothing was changed\. The ratio is 10%\./);
    await refused.waitFor();
    await refused.getByRole('button', { name: 'Enter Token…' }).waitFor();
    await picture('refused-forbidden');
    assert.equal((await service.release(RELEASE.id)).ratio, 0.1);

    // Who may only read is offered nothing else: not on the row, not in the palette.
    await ui.context(/^Shop model/, 'Copy Link to Release');
    await ui.row(/^Shop model/).click({ button: 'right' });
    const menu = page.locator('.monaco-menu');
    await menu.getByText('Show Chart', { exact: true }).waitFor();
    await picture('refused-menu');
    for (const act of ['Set Ratio…', 'Next Step…', 'Pause…', 'Roll Back…', 'Abort…'])
      assert.equal(await menu.getByText(act, { exact: true }).count(), 0, act);
    await page.keyboard.press('Escape');
    for (const title of ['Rollout Lens: Set Ratio…', 'Rollout Lens: Pause…'])
      assert.ok(!(await ui.commandsFor(title)).includes(title), `the palette offers ${title}`);
    assert.ok((await ui.commandsFor('Rollout Lens: Copy Link')).includes('Rollout Lens: Copy Link to Release'), 'it offers the rest');
  },
);

/** A gateway between editor and service that loses the header which names the revision, as some do. */
const losesIfMatch = async (target: string, after: (cleanUp: () => Promise<void>) => void): Promise<string> => {
  const hand = (from: IncomingMessage, to: ServerResponse): void => {
    const headers = { ...from.headers };
    delete headers['if-match'];
    const sent = request(new URL(from.url ?? '/', target), { method: from.method, headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(to);
    });
    sent.on('error', () => to.destroy());
    to.on('close', () => sent.destroy());
    from.pipe(sent);
  };
  const server = createServer(hand);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
};

scene(
  'a gateway loses the revision that a change names: the service refuses, and the person reads that nothing was changed',
  {
    before: async (after) => {
      service = await begin(after);
      const url = await losesIfMatch(service.url, after);
      return { settings: { 'rolloutLens.sources': [{ ...SOURCE, type: 'http', url }] } };
    },
  },
  async ({ ui, picture }) => {
    await ui.openView('Rollouts');
    await ui.row(SOURCE.name).waitFor();
    await enterToken({ ui }, service);
    await ui.row(/^Shop model.*10%/).waitFor();
    await ui.context(/^Shop model/, 'Set Ratio…');
    await ui.answer('40');
    await ui.press('Set to 40%');
    await ui.toast(/Shop model: .*a gateway may have removed.*nothing was changed\. The ratio is 10%\./).waitFor();
    // What was wanted for a moment is not shown as if it were on its way.
    await ui.row(/^Shop model10% · /).waitFor();
    await picture('refused-precondition');
    assert.equal((await service.release(RELEASE.id)).ratio, 0.1);
  },
);
