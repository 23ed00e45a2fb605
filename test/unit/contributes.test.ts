import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { COMMANDS, commandId, CONTEXT_KEYS, PANEL_TYPE, VIEW_GUIDE, VIEW_RELEASES } from '../../src/platform/ids.ts';
import { INTENT_KINDS } from '../../src/model/release.ts';
import { NEEDS } from '../../src/store/select.ts';
import { manifest, nls, ROOT, sources } from '../fakes/manifest.ts';

const { contributes } = manifest;
const declared = contributes.commands.map(({ command }) => command);
const whens = [
  ...Object.values(contributes.menus)
    .flat()
    .map(({ when }) => when),
  ...contributes.viewsWelcome.map(({ when }) => when),
  ...Object.values(contributes.views)
    .flat()
    .map(({ when }) => when),
  ...contributes.commands.map(({ enablement }) => enablement),
].filter((when) => when !== undefined);

describe('package.json against the code', () => {
  it('declares exactly the commands that are registered', () => {
    assert.deepEqual([...declared].sort(), COMMANDS.map(commandId).sort());
  });

  it('menus and welcome views name declared commands only', () => {
    const named = [
      ...Object.values(contributes.menus)
        .flat()
        .map(({ command }) => command),
      ...Object.entries(nls.en)
        .filter(([key]) => key.startsWith('welcome.'))
        .flatMap(([, text]) => [...text.matchAll(/\(command:([\w.]+)\)/g)].map(([, command]) => command ?? '')),
    ];
    assert.deepEqual(
      named.filter((command) => !declared.includes(command)),
      [],
    );
  });

  it('conditions read only context keys that the code sets', () => {
    const own = whens.flatMap((when) => [...when.matchAll(/\brolloutLens\.(\w+)/g)].map(([, key]) => key ?? ''));
    const known = new Set<string>([...CONTEXT_KEYS, 'releases', 'release']);
    assert.deepEqual(
      own.filter((key) => !known.has(key)),
      [],
    );
    for (const key of CONTEXT_KEYS) assert.ok(own.includes(key), `${key} is set and nobody reads it`);
  });

  it('conditions on releases use words that releases have', () => {
    const words = whens.flatMap((when) => [...when.matchAll(/\\b((?:can|is)-\w+)\\b/g)].map(([, word]) => word ?? ''));
    const known = new Set([
      ...[...INTENT_KINDS, 'mute', 'unmute', 'whichVariant'].map((kind) => `can-${kind}`),
      ...NEEDS.map((need) => `is-${need}`),
      'is-failed',
    ]);
    assert.ok(words.length > 0);
    assert.deepEqual(
      words.filter((word) => !known.has(word)),
      [],
    );
  });

  it('every act on a release that a row offers is offered only while it can be done', () => {
    for (const { command, when } of contributes.menus['view/item/context'] ?? []) {
      const verb = command.replace('rolloutLens.', '');
      if ((INTENT_KINDS as readonly string[]).includes(verb) && verb !== 'undo' && verb !== 'retry')
        assert.match(when ?? '', new RegExp(`can-${verb}\\\\b`), command);
    }
  });

  it('no two acts that a row offers send the same request', () => {
    const offered = (contributes.menus['view/item/context'] ?? []).map(({ command }) => command);
    // At a step it is Next Step, at the last one Promote to Full.
    assert.ok(!offered.includes('rolloutLens.promote'));
    assert.ok(offered.includes('rolloutLens.nextStep') && offered.includes('rolloutLens.promoteFull'));
  });

  it('what hurts is the last inline action', () => {
    const inline = (contributes.menus['view/item/context'] ?? []).filter(
      ({ group, when }) => group?.startsWith('inline') && when?.includes('^release'),
    );
    const orders = inline.map(({ command, group }) => ({ command, order: Number(group?.split('@')[1]) })).sort((a, b) => a.order - b.order);
    assert.equal(orders.at(-1)?.command, 'rolloutLens.rollback');
  });

  it('no act is a button in the title of a panel: it could not tell what can be done, as those of the page do', () => {
    const { 'editor/title': title = [] } = manifest.contributes.menus;
    assert.ok(title.length > 0);
    assert.deepEqual(
      title.filter(({ group }) => group?.startsWith('navigation')),
      [],
    );
  });

  it('declares the views, the panel and the pictures that the code names', () => {
    const views = Object.values(contributes.views)
      .flat()
      .map(({ id }) => id);
    assert.deepEqual(views.sort(), [VIEW_GUIDE, VIEW_RELEASES].sort());
    assert.ok(manifest.activationEvents.includes(`onWebviewPanel:${PANEL_TYPE}`));
    for (const file of [
      manifest.icon,
      ...Object.values(contributes.viewsContainers)
        .flat()
        .map(({ icon }) => icon),
    ])
      assert.ok(existsSync(path.join(ROOT, file)), file);
  });

  it('reads every setting that is declared, and no other', () => {
    const text = readFileSync(path.join(ROOT, 'src/platform/sourceSettings.ts'), 'utf8');
    for (const key of Object.keys(contributes.configuration.properties))
      assert.ok(text.includes(`'${key.replace('rolloutLens.', '')}'`), key);
  });

  it('lets an untrusted workspace set nothing: neither where to ask, nor how often, nor that alerts are silent', () => {
    const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    assert.equal(supported, 'limited');
    assert.deepEqual([...restrictedConfigurations].sort(), Object.keys(contributes.configuration.properties).sort());
  });

  it('nothing heavy is reached from the entry by imports that run at the start', () => {
    const texts = new Map(sources('src').map(({ file, text }) => [file, text]));
    const reached = new Set(['src/extension.ts']);
    const packages = new Set<string>();
    // A set grows while it is walked: each file is read once.
    for (const file of reached)
      for (const [, from = ''] of (texts.get(file) ?? '').matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)'/gm))
        if (from.startsWith('.')) reached.add(path.posix.join(path.posix.dirname(file), from));
        else packages.add(from);
    assert.ok(reached.size > 50, 'the walk follows the imports');
    const heavy =
      /^src\/(sources\/(transport\.|http\/|embedded\/|logs\/(?!(mapping|statusRule)\.))|analysis\/(assess\.|worker\.|detect\/))/;
    assert.deepEqual(
      [...reached].filter((file) => heavy.test(file)),
      [],
    );
    assert.deepEqual(
      [...packages].filter((name) => name !== 'vscode' && !name.startsWith('node:')),
      [],
    );
  });
});
