import {
  array,
  boolean,
  describeDecodeError,
  integer,
  number,
  object,
  oneOf,
  string,
  unknown,
  withDefault,
  type Decoded,
} from '../../base/decode.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { isActive, PHASES, RELEASE_STATES } from '../../model/release.ts';
import { bucketOfUser } from '../domain/assignment.ts';
import { SCENARIOS } from '../scenarios/catalogue.ts';
import { SCENARIO_IDS, type ScenarioId } from '../scenarios/scenario.ts';
import type { ClientError, ServiceClient } from './client.ts';

const decodeRelease = object({
  id: string,
  phase: oneOf(...PHASES),
  state: oneOf(...RELEASE_STATES),
  ratio: number,
  salt: string,
  revision: number,
  simulated: withDefault(boolean, false),
  metadata: withDefault(unknown, null),
});

/** What the simulator follows of a release. */
export type FollowedRelease = Decoded<typeof decodeRelease>;

const decodeAssignment = object({ bucket: integer });

const pathOf = (id: string): string => `/api/v1/releases/${encodeURIComponent(id)}`;

const invalid = (detail: string): ClientError => ({ kind: 'refused', status: null, detail });

/** The release, or null where there is none. */
export const readRelease = async (
  client: ServiceClient,
  id: string,
  signal: AbortSignal,
): Promise<Result<FollowedRelease | null, ClientError>> => {
  const answer = await client.call({ method: 'GET', path: pathOf(id), accept: [200, 404] }, signal);
  if (!answer.ok) return answer;
  if (answer.value.status === 404) return ok(null);
  const release = decodeRelease(answer.value.body);
  return release.ok ? release : err(invalid(`the service's release is not as expected: ${describeDecodeError(release.error)}`));
};

/** What is played, and when its second 0 was, epoch milliseconds. Kept in the release's metadata. */
export interface Story {
  readonly scenario: ScenarioId;
  readonly seed: number;
  readonly regression: boolean;
  readonly start: number;
}

const decodeStory = object({
  simulation: object({ scenario: oneOf(...SCENARIO_IDS), seed: integer, regression: boolean, start: integer }),
});

/** The story a release has been told before, if it is the same one. */
const storyOf = (release: FollowedRelease, wanted: Story): Story | null => {
  const told = decodeStory(release.metadata);
  if (!told.ok) return null;
  const { scenario, seed, regression } = told.value.simulation;
  return scenario === wanted.scenario && seed === wanted.seed && regression === wanted.regression ? told.value.simulation : null;
};

const createRelease = async (
  client: ServiceClient,
  attempt: { readonly id: string; readonly name: string },
  story: Story,
  signal: AbortSignal,
): Promise<Result<null, ClientError>> => {
  const { service, versions, ratio, steps } = SCENARIOS[story.scenario].release;
  const body = { ...attempt, service, versions, ratio, steps, simulated: true, metadata: { simulation: story } };
  // 409: it came to be in between, or by an attempt whose answer was lost. It is read next.
  const answer = await client.call(
    {
      method: 'POST',
      path: '/api/v1/releases',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      accept: [201, 409],
    },
    signal,
  );
  return answer.ok ? ok(null) : answer;
};

export interface Ensured {
  readonly release: FollowedRelease;
  readonly created: boolean;
  /** The story it has been told before when that is the one wanted, else the one wanted. */
  readonly story: Story;
}

/** Finds the release or creates it. Refuses one that carries real traffic: simulated events must never mix with it. */
const ensure = async (
  client: ServiceClient,
  attempt: { readonly id: string; readonly name: string },
  story: Story,
  signal: AbortSignal,
): Promise<Result<Ensured, ClientError>> => {
  let found = await readRelease(client, attempt.id, signal);
  if (!found.ok) return found;
  const created = found.value === null;
  if (created) {
    const made = await createRelease(client, attempt, story, signal);
    if (!made.ok) return made;
    found = await readRelease(client, attempt.id, signal);
    if (!found.ok) return found;
  }
  const release = found.value;
  if (release === null) return err(invalid(`the service took the release ${JSON.stringify(attempt.id)} and does not show it`));
  if (!release.simulated) {
    return err(invalid(`the release ${JSON.stringify(attempt.id)} is not labelled as simulated: choose another one with --release`));
  }
  return ok({ release, created, story: storyOf(release, story) ?? story });
};

const ATTEMPTS_MAX = 1000;

/**
 * The release to feed: the one named, else the first attempt at the scenario's own that is not over. A release is one attempt and
 * keeps its id for its life, so after a rollback the next run is a release of its own.
 */
export const ensureRelease = async (
  client: ServiceClient,
  named: string | null,
  story: Story,
  signal: AbortSignal,
): Promise<Result<Ensured, ClientError>> => {
  const { id, name } = SCENARIOS[story.scenario].release;
  if (named !== null) return ensure(client, { id: named, name }, story, signal);
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const tried = attempt === 1 ? { id, name } : { id: `${id}-${attempt}`, name: `${name} #${attempt}` };
    const ensured = await ensure(client, tried, story, signal);
    if (!ensured.ok || isActive(ensured.value.release)) return ensured;
  }
  return err(invalid(`${ATTEMPTS_MAX} attempts at ${id} are over: name one with --release`));
};

/** Compares the service's assignment with ours on a few users; the variant in our events would be wrong otherwise. */
export const checkAssignment = async (
  client: ServiceClient,
  release: FollowedRelease,
  users: readonly string[],
  signal: AbortSignal,
): Promise<Result<null, ClientError>> => {
  for (const user of users) {
    const path = `${pathOf(release.id)}/assignment?user_id=${encodeURIComponent(user)}`;
    const answer = await client.call({ method: 'GET', path, accept: [200] }, signal);
    if (!answer.ok) return answer;
    const theirs = decodeAssignment(answer.value.body);
    if (!theirs.ok) return err(invalid(`the service's assignment is not as expected: ${describeDecodeError(theirs.error)}`));
    const ours = bucketOfUser(release.salt, user);
    if (theirs.value.bucket !== ours) {
      return err(invalid(`the service assigns ${user} to bucket ${theirs.value.bucket}, this program to ${ours}: their versions differ`));
    }
  }
  return ok(null);
};

const decodeIngest = object({
  accepted: integer,
  duplicate: integer,
  rejected: array(object({ line: integer, reason: string })),
});
export type IngestAnswer = Decoded<typeof decodeIngest>;

/** Sends one batch of NDJSON. Sent again under the same key and with the same event ids it counts once. */
export const sendEvents = async (
  client: ServiceClient,
  key: string,
  body: string,
  signal: AbortSignal,
): Promise<Result<IngestAnswer, ClientError>> => {
  const headers = { 'content-type': 'application/x-ndjson', 'idempotency-key': key };
  const answer = await client.call({ method: 'POST', path: '/api/v1/events', headers, body, accept: [200, 202] }, signal);
  if (!answer.ok) return answer;
  const decoded = decodeIngest(answer.value.body);
  return decoded.ok ? decoded : err(invalid(`the service's answer to events is not as expected: ${describeDecodeError(decoded.error)}`));
};
