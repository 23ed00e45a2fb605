import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../../base/result.ts';
import { PLANTED } from '../scenarios/planted.ts';
import { isScenarioId, SCENARIO_IDS, type ScenarioId } from '../scenarios/scenario.ts';
import { baseUrl, readCredentials } from './endpoint.ts';

const DAY = 24 * 3600;
/** The service takes no events older than two weeks. */
const LONGEST_SECONDS = 13 * DAY;

export const USAGE = `Sends bounded, seeded traffic of a simulated service to a running Rollout Lens service.

  simulate --url URL --scenario ${SCENARIO_IDS.join('|')}
           [--token-file FILE | --token TOKEN]
           [--release ID]       the release it feeds, created if missing; by default the scenario's own, or the next
                                attempt at it when that one is over
           [--seed N]           default: the seed of the scenario's planted regression
           [--duration SECONDS] how much of the scenario to play, default 3600
           [--speed X]          times faster than real until it has caught up with now, default 1
           [--backfill SECONDS] how long before now it starts, default duration - duration / speed
           [--no-regression]    the canary stays as good as the stable version
           [--json]             one JSON object a line instead of text
           [--exit-with-stdin]  stops when its standard input ends: with the process that started it

FILE holds a token alone, or JSON with "token" or with "operator": ["…"]. When it is the service.json that names URL, a
service that comes back on another port is followed there. A release it has fed before goes on where it was.`;

export interface SimulateOptions {
  readonly url: string;
  readonly token: string | null;
  /** Read again when the service is lost: it says where it came back. Null when --url did not come from there. */
  readonly serviceFile: string | null;
  readonly scenario: ScenarioId;
  readonly release: string | null;
  readonly seed: number;
  /** Simulated seconds. */
  readonly duration: number;
  readonly speed: number;
  readonly backfill: number;
  readonly regression: boolean;
  readonly json: boolean;
  readonly exitWithStdin: boolean;
}

export type Parsed = { readonly help: true } | { readonly help: false; readonly options: SimulateOptions };

const numberIn = (name: string, text: string | undefined, fallback: number, low: number, high: number): Result<number, string> => {
  if (text === undefined) return ok(fallback);
  const value = text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(value) && value >= low && value <= high
    ? ok(value)
    : err(`--${name}: expected a number from ${low} to ${high}, got ${JSON.stringify(text)}`);
};

interface Access {
  readonly token: string | null;
  /** The service.json that named this very address. */
  readonly serviceFile: string | null;
}

const readAccess = async (url: string, file: string | undefined, token: string | undefined): Promise<Result<Access, string>> => {
  if (file === undefined) return ok({ token: token ?? null, serviceFile: null });
  if (token !== undefined) return err('--token and --token-file: give one of them');
  const read = await readCredentials(file);
  if (!read.ok) return err(`--token-file: ${read.error}`);
  if (read.value.token === '') return err(`--token-file: ${file} holds no token that may write`);
  return ok({ token: read.value.token, serviceFile: read.value.url === url ? file : null });
};

const FLAGS = {
  url: { type: 'string' },
  token: { type: 'string' },
  'token-file': { type: 'string' },
  scenario: { type: 'string' },
  release: { type: 'string' },
  seed: { type: 'string' },
  duration: { type: 'string' },
  speed: { type: 'string' },
  backfill: { type: 'string' },
  'no-regression': { type: 'boolean' },
  json: { type: 'boolean' },
  'exit-with-stdin': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const split = (args: readonly string[]) => {
  try {
    return ok(parseArgs({ args: [...args], options: FLAGS, strict: true, allowPositionals: false }).values);
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
};

/** The options of a command line, or one sentence on what is wrong with it. */
export const parseOptions = async (args: readonly string[]): Promise<Result<Parsed, string>> => {
  const flags = split(args);
  if (!flags.ok) return flags;
  const given = flags.value;
  if (given.help === true) return ok({ help: true });
  if (given.url === undefined) return err('--url is missing');
  const url = baseUrl(given.url);
  if (url === null) return err(`--url: expected http://… or https://…, got ${JSON.stringify(given.url)}`);
  const scenario = given.scenario;
  if (scenario === undefined) return err(`--scenario is missing: one of ${SCENARIO_IDS.join(', ')}`);
  if (!isScenarioId(scenario)) return err(`--scenario: expected one of ${SCENARIO_IDS.join(', ')}, got ${JSON.stringify(scenario)}`);
  const seed = numberIn('seed', given.seed, PLANTED[scenario].seed, 0, 2 ** 32 - 1);
  if (!seed.ok) return seed;
  if (!Number.isInteger(seed.value)) return err('--seed: expected a whole number');
  const duration = numberIn('duration', given.duration, 3600, 1, LONGEST_SECONDS);
  if (!duration.ok) return duration;
  const speed = numberIn('speed', given.speed, 1, 1, 100_000);
  if (!speed.ok) return speed;
  const backfill = numberIn('backfill', given.backfill, duration.value - duration.value / speed.value, 0, LONGEST_SECONDS);
  if (!backfill.ok) return backfill;
  if (given.release === '') return err('--release: expected an id');
  const access = await readAccess(url, given['token-file'], given.token);
  if (!access.ok) return access;
  return ok({
    help: false,
    options: {
      url,
      ...access.value,
      scenario,
      release: given.release ?? null,
      seed: seed.value,
      duration: Math.floor(duration.value),
      speed: speed.value,
      backfill: backfill.value,
      regression: given['no-regression'] !== true,
      json: given.json === true,
      exitWithStdin: given['exit-with-stdin'] === true,
    },
  });
};
