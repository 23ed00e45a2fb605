import {
  array,
  boolean,
  describeDecodeError,
  integer,
  number,
  object,
  oneOf,
  string,
  withDefault,
  type Decoded,
} from '../../base/decode.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { PHASES, RELEASE_STATES } from '../../model/release.ts';
import { bucketOfUser } from '../domain/assignment.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { ClientError, ServiceClient } from './client.ts';

const decodeRelease = object({
  id: string,
  phase: oneOf(...PHASES),
  state: oneOf(...RELEASE_STATES),
  ratio: number,
  salt: string,
  revision: number,
  simulated: withDefault(boolean, false),
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

const createRelease = async (
  client: ServiceClient,
  scenario: Scenario,
  id: string,
  seed: number,
  signal: AbortSignal,
): Promise<Result<null, ClientError>> => {
  const { name, service, versions, ratio, steps } = scenario.release;
  const body = { id, name, service, versions, ratio, steps, simulated: true, metadata: { scenario: scenario.id, seed } };
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

/** Finds the release or creates it. Refuses one that carries real traffic: simulated events must never mix with it. */
export const ensureRelease = async (
  client: ServiceClient,
  scenario: Scenario,
  id: string,
  seed: number,
  signal: AbortSignal,
): Promise<Result<{ readonly release: FollowedRelease; readonly created: boolean }, ClientError>> => {
  let found = await readRelease(client, id, signal);
  if (!found.ok) return found;
  const created = found.value === null;
  if (created) {
    const made = await createRelease(client, scenario, id, seed, signal);
    if (!made.ok) return made;
    found = await readRelease(client, id, signal);
    if (!found.ok) return found;
  }
  const release = found.value;
  if (release === null) return err(invalid(`the service took the release ${JSON.stringify(id)} and does not show it`));
  if (!release.simulated) {
    return err(invalid(`the release ${JSON.stringify(id)} is not labelled as simulated: choose another one with --release`));
  }
  return ok({ release, created });
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
