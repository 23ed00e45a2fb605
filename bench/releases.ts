/**
 * The view with many releases, in a real VS Code on the real service: until all of them stand in the tree, until a ratio that somebody else changed
 * is read there, and what the extension host takes. The peer is the same with one release, so the ratios tell what the others cost.
 *
 *   node bench/releases.ts [--releases 500] [--rounds 3]
 */
import { parseArgs } from 'node:util';
import { versionOf } from '../scripts/bed/vscode.ts';
import { packageExtension } from '../test/workbench/harness/package.ts';
import { VSIX } from '../test/workbench/harness/project.ts';
import { startService, type Service } from '../test/workbench/harness/service.ts';
import { enterToken, SOURCE, sourcesSetting } from '../test/workbench/harness/story.ts';
import { fewBuiltIns, busyPercent, hostOf, inEditor, memoryMb, milliseconds, processorSeconds } from './inEditor.ts';
import { inTurn, median, report, type Figures } from './report.ts';

const { values } = parseArgs({ options: { releases: { type: 'string', default: '500' }, rounds: { type: 'string', default: '3' } } });
const RELEASES = Number(values.releases);
const CHANGES = 7;
const OBSERVED_SECONDS = 30;
/** The first of the tree, so that its row is in sight. */
const WATCHED = { id: 'a-watched', name: 'A watched release' } as const;

const cleanUps: (() => Promise<void> | void)[] = [];

const serviceWith = async (releases: number): Promise<Service> => {
  const service = await startService((cleanUp) => void cleanUps.push(cleanUp));
  for (let i = 0; i < releases; i++) {
    const id = `release-${String(i).padStart(3, '0')}`;
    const { status } = await service.api('POST', '/api/v1/releases', {
      id,
      name: id,
      service: 'bench',
      ratio: 0.1,
      ...(i === 0 ? WATCHED : {}),
    });
    if (status !== 201) throw new Error(`the service answered ${String(status)}`);
  }
  return service;
};

const measured = (builtIn: string, service: Service, releases: number): Promise<Figures> =>
  inEditor(builtIn, {
    vsix: VSIX,
    settings: { ...sourcesSetting(service), 'rolloutLens.alerts.notify': false },
    measure: async (_, ui, server) => {
      await ui.openView('Rollouts');
      await ui.row(SOURCE.name).waitFor();
      const watched = (percent: number): Promise<void> => ui.row(new RegExp(`^${WATCHED.name}\\D*${String(percent)}%`)).waitFor();
      const host = await hostOf(server);
      const before = processorSeconds(host);
      let ratio = Math.round(100 * (await service.release(WATCHED.id)).ratio);
      const fill_ms = await milliseconds(async () => {
        await enterToken({ ui }, service);
        await watched(ratio);
      });
      const fill_cpu_s = processorSeconds(host) - before;
      const busy_percent = await busyPercent(host, OBSERVED_SECONDS);
      const changes: number[] = [];
      for (let i = 0; i < CHANGES; i++) {
        ratio = ratio >= 90 ? 10 : ratio + 1;
        await service.setRatio(WATCHED.id, ratio / 100, 'bench');
        changes.push(await milliseconds(() => watched(ratio)));
      }
      return { fill_ms, fill_cpu_s, busy_percent, change_ms: median(changes), host_mb: memoryMb(host), releases };
    },
  });

try {
  const { folder, remove } = await fewBuiltIns();
  cleanUps.push(remove);
  await packageExtension();
  const many = await serviceWith(RELEASES);
  const one = await serviceWith(1);
  report({
    bench: 'releases',
    peerName: `the same with one release, VS Code ${versionOf('current')}`,
    ...(await inTurn(
      Number(values.rounds),
      () => measured(folder, many, RELEASES),
      () => measured(folder, one, 1),
    )),
    note: `fill: from the token to the tree; busy_percent: of one processor over ${String(OBSERVED_SECONDS)} s after it; change_ms: median of ${String(CHANGES)} changes of a ratio by another client, until it is read in its row`,
  });
} finally {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
}
process.exit(0);
