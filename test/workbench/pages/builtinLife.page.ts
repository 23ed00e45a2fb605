import assert from 'node:assert/strict';
import { builtinService, killNow } from '../harness/builtin.ts';
import { scene } from '../harness/fixture.ts';
import { cspViolations } from '../harness/webview.ts';

/** The first start and three more. */
const LIVES = 4;

scene(
  'the built-in service of the installed package: starts by a setting, shows its OpenAPI page, and is given up with its last output when it keeps dying',
  { settings: { 'rolloutLens.builtin.autoStart': true } },
  async ({ page, ui, server, picture }) => {
    await ui.openView('Rollouts');
    await ui.row(/^Built-in service.*live/).waitFor({ timeout: 30_000 });
    let service = await builtinService(server);

    const docs = await page.context().newPage();
    const lines: string[] = [];
    docs.on('console', (message) => lines.push(message.text()));
    docs.on('pageerror', (error) => lines.push(`[uncaught] ${error.message}`));
    const types = new Map<string, string>();
    docs.on('response', (answer) =>
      types.set(new URL(answer.url()).pathname, `${String(answer.status())} ${answer.headers()['content-type'] ?? ''}`),
    );
    await docs.goto(new URL('/docs', service.url).href);
    await docs.locator('.opblock-summary-path', { hasText: '/api/v1/releases' }).first().waitFor();
    await docs.screenshot({ path: 'test-results/pictures/openapi.png' });
    assert.ok((await docs.locator('.opblock').count()) >= 15, 'the operations are listed');
    assert.match(types.get('/docs/swagger-ui.css') ?? '', /^200 text\/css/);
    assert.match(types.get('/docs/swagger-ui-bundle.js') ?? '', /^200 text\/javascript/);
    await docs.locator('.opblock-summary').first().click();
    await docs.locator('.opblock-body').first().waitFor();
    assert.deepEqual(cspViolations(lines), []);
    assert.deepEqual(
      lines.filter((line) => line.startsWith('[uncaught]')),
      [],
    );
    await docs.close();

    for (let life = 1; life < LIVES; life++) {
      killNow(service.pid);
      service = await builtinService(server, service.pid);
    }
    killNow(service.pid);
    const broken = ui.row('The built-in service does not stay up');
    await broken.waitFor({ timeout: 30_000 });
    await picture('builtin-given-up');
    assert.match(await broken.innerText(), /\S+\n?.*\S/s);
    await ui.inline('The built-in service does not stay up', 'Start Built-in Service');
    await builtinService(server, service.pid);
    await broken.waitFor({ state: 'detached' });
    await ui.row(/^Built-in service.*live/).waitFor();
  },
);
