import type { Release } from '../../model/release.ts';
import { abilitiesOf } from './abilities.ts';
import type { Role, WireRelease } from './wire.ts';

/** The service's release as the product's model. The service holds the ratio, as a share of users. */
export const toRelease = (wire: WireRelease, sourceId: string, ownerName: string, role: Role | null): Release => ({
  id: wire.id,
  sourceId,
  name: wire.name,
  service: wire.service,
  phase: wire.phase,
  state: wire.state,
  ratio: { unit: 'users', desired: wire.ratio, actual: wire.actualRatio, since: wire.ratioSince },
  steps: wire.steps,
  stepIndex: wire.stepIndex,
  stateSince: wire.stateSince,
  pauseEndsAt: wire.pauseEndsAt,
  pauseLeftMs: wire.pauseLeftMs,
  versions: wire.variants,
  owner: { kind: 'service', name: ownerName },
  revision: wire.revision,
  createdAt: wire.createdAt,
  updatedAt: wire.updatedAt,
  simulated: wire.simulated,
  abilities: abilitiesOf(wire, role),
});
