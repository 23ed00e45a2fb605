/** What most page suites begin with: a service with a release on it, and a workbench that is connected to it. */
import { PLANTED } from '../../../src/backend/scenarios/planted.ts';
import { until } from '../../../scripts/bed/until.ts';
import type { Scene } from './fixture.ts';
import { startService, type Service, type SimulateOptions } from './service.ts';

export const SOURCE = { id: 'production', name: 'Production' } as const;
export const RELEASE = { id: 'fraud-model', name: 'Fraud model' } as const;

export const sourcesSetting = (service: Service): Readonly<Record<string, unknown>> => ({
  'rolloutLens.sources': [{ ...SOURCE, type: 'http', url: service.url }],
});

interface Counted {
  readonly variants: { readonly canary: { readonly requests: number }; readonly stable: { readonly requests: number } };
}

const canaryRequests = async (service: Service, release: string): Promise<number> => {
  const now = Date.now();
  const { status, body } = await service.api(
    'GET',
    `/api/v1/releases/${release}/evidence?from=${String(now - 3_600_000)}&to=${String(now)}`,
  );
  return status === 200 ? (body as Counted).variants.canary.requests : 0;
};

/**
 * A service on which the finance scenario has been running for `minutes` and goes on at real speed until the test ends. With the
 * regression the canary has been failing since the planted second.
 */
export const liveService = async (
  after: Scene['after'],
  options: { readonly minutes: number; readonly regression: boolean } & Partial<SimulateOptions>,
): Promise<Service> => {
  const service = await startService(after);
  const { minutes, regression, ...rest } = options;
  let failure: Error | null = null;
  const backfill = minutes * 60;
  void service
    .simulate({
      scenario: 'finance',
      release: RELEASE.id,
      seed: PLANTED.finance.seed,
      duration: 86_400,
      backfill,
      speed: 300,
      regression,
      ...rest,
    })
    .catch((error: unknown) => (failure = error instanceof Error ? error : new Error('the simulator failed', { cause: error })));
  // It has caught up with now when a second brings no more than a second's traffic.
  let last = 0;
  let since = Date.now();
  await until(
    'the simulator has caught up with now',
    async () => {
      if (failure !== null) throw failure;
      if (Date.now() - since < 1000) return false;
      const seen = await canaryRequests(service, rest.release ?? RELEASE.id);
      const caughtUp = last > 0 && seen - last < 100;
      last = seen;
      since = Date.now();
      return caughtUp;
    },
    60_000,
  );
  return service;
};

/** Gives the extension the service's token, as a person does. */
export const enterToken = async ({ ui }: Pick<Scene, 'ui'>, service: Service): Promise<void> => {
  await ui.command('Rollout Lens: Enter Token…');
  await ui.answer(service.token);
};

/** Opens the view and gives the token; ends when the release stands in the tree. */
export const connect = async (scene: Pick<Scene, 'ui'>, service: Service): Promise<void> => {
  await scene.ui.openView('Rollouts');
  await scene.ui.row(SOURCE.name).waitFor();
  await enterToken(scene, service);
  await releaseRow(scene).waitFor();
};

/** The release under its source (the one in "Needs me" is level 2 as well, so by its step). */
export const releaseRow = ({ ui }: Pick<Scene, 'ui'>): ReturnType<Scene['ui']['row']> => ui.row(new RegExp(`^${RELEASE.name}.*step`));
