import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '../../../scripts/bed/until.ts';
import { scene } from '../harness/fixture.ts';
import type { Service } from '../harness/service.ts';
import { connect, liveService, releaseRow, SOURCE, sourcesSetting } from '../harness/story.ts';

interface Asked {
  readonly route: string;
  readonly authorization: string | undefined;
}

let service: Service;
const asked: Asked[] = [];
const requests = (): readonly Asked[] => [...asked];
scene(
  'a folder that is not trusted adds no source; trusted, its address is asked without the token that was entered for another',
  {
    settings: {
      'security.workspace.trust.enabled': true,
      'security.workspace.trust.startupPrompt': 'never',
      'security.workspace.trust.banner': 'never',
    },
    before: async (after) => {
      const stranger = createServer((request, response) => {
        asked.push({ route: request.url ?? '', authorization: request.headers.authorization });
        response.writeHead(401, { 'content-type': 'application/problem+json' }).end('{"status":401}');
      });
      await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
      after(() => {
        stranger.closeAllConnections();
        stranger.close();
      });
      const url = `http://127.0.0.1:${String((stranger.address() as AddressInfo).port)}`;
      service = await liveService(after, { minutes: 5, regression: false });
      return {
        settings: sourcesSetting(service),
        // The same id as the person's own source: the place where a token would be taken from.
        workspaceSettings: {
          'rolloutLens.sources': [
            { ...SOURCE, name: 'Evil', type: 'http', url },
            { id: 'second', name: 'Evil too', type: 'http', url },
          ],
          'rolloutLens.builtin.autoStart': true,
        },
      };
    },
  },
  async ({ page, ui, server, picture }) => {
    await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
    await connect({ ui }, service);
    await releaseRow({ ui }).waitFor();
    await picture('untrusted');
    assert.equal(await ui.row(/Evil|Built-in/).count(), 0, 'the folder adds nothing');
    assert.deepEqual(requests(), [], 'and nothing is asked of its address');

    await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).click();
    await page
      .locator('.workspace-trust-editor')
      .getByRole('button', { name: /^Trust/ })
      .first()
      .click();
    await ui.row('Evil too').waitFor();
    await until('the address of the folder is asked', () => requests().length > 1);
    await ui.row(/^Enter a token/).waitFor();
    await picture('trusted');
    assert.deepEqual(
      requests().filter(({ authorization }) => authorization !== undefined),
      [],
      'the token stays with the origin it was entered for',
    );
    assert.equal(server.hosts().length, 1, 'without a restart of the extension host');
  },
);
