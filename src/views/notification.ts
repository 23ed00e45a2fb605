import type { Clock } from '../base/clock.ts';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import type { Log } from '../base/log.ts';
import type { ReleaseKey } from '../model/release.ts';
import { releaseOf } from '../store/select.ts';
import type { State } from '../store/state.ts';
import type { IncidentLedger } from '../platform/incidentLedger.ts';
import type { Localizer } from '../platform/localizer.ts';
import { toasts } from '../platform/toasts.ts';
import { translate } from '../platform/translate.ts';
import { incidentsOf, type Incident } from './incidents.ts';

interface NotificationActs {
  readonly show: (key: ReleaseKey) => unknown;
  readonly pause: (key: ReleaseKey) => unknown;
  readonly mute: (key: ReleaseKey) => unknown;
}

export interface NotificationDeps {
  readonly store: { readonly state: State };
  readonly ledger: Pick<IncidentLedger, 'sight'>;
  readonly muted: () => ReadonlySet<ReleaseKey>;
  readonly enabled: () => boolean;
  readonly acts: NotificationActs;
  readonly clock: Clock;
  readonly l10n: Localizer;
  readonly log: Log;
}

/** How often an incident that lasts is told to the ledger, which ends it when nobody does. */
const SIGHT_EVERY_MS = 60_000;

/** Tells an incident once, in one window, whatever windows are open and however often they are reloaded. */
export class Notifications implements Disposable {
  private readonly deps: NotificationDeps;
  private readonly owned = new DisposableStore();
  /** When each incident that lasts was last told to the ledger, by the clock's `elapsed`. */
  private readonly sighted = new Map<string, number>();

  constructor(deps: NotificationDeps) {
    this.deps = deps;
  }

  update(): void {
    const { store, muted, enabled, clock, log } = this.deps;
    if (!enabled() || this.owned.isDisposed) return;
    const silent = muted();
    const now = clock.elapsed();
    for (const incident of incidentsOf(store.state)) {
      if (silent.has(incident.key) || now - (this.sighted.get(incident.id) ?? -Infinity) < SIGHT_EVERY_MS) continue;
      this.sighted.set(incident.id, now);
      this.tell(incident).catch((error: unknown) => log.error(`An alert could not be shown: ${String(error)}`));
    }
  }

  private async tell(incident: Incident): Promise<void> {
    const { store, ledger, acts, l10n } = this.deps;
    if (!(await ledger.sight(incident.id)) || this.owned.isDisposed) return;
    const state = releaseOf(store.state, incident.key);
    if (!state) return;
    const name = state.release.simulated ? l10n.t('{name} (simulated)', { name: state.release.name }) : state.release.name;
    const sentence =
      incident.need === 'regressing' && state.assessment ? translate(state.assessment.sentence, l10n) : l10n.t('The release is degraded.');
    const show = l10n.t('Show');
    const pause = l10n.t('Pause…');
    const mute = l10n.t('Mute');
    const canPause = state.release.abilities.pause.can;
    const choice = await toasts.warn(l10n.t('{name}: {text}', { name, text: sentence }), ...[show, ...(canPause ? [pause] : []), mute]);
    if (choice === show) await acts.show(incident.key);
    else if (choice === pause) await acts.pause(incident.key);
    else if (choice === mute) await acts.mute(incident.key);
  }

  dispose(): void {
    this.owned.dispose();
  }
}
