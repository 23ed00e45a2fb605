/**
 * What every benchmark shares: medians over several rounds in which ours and the peer run in turn, a table for people, and one
 * line of JSON at the end: `{"bench","ours","peer","ratio"}`, units in the keys.
 */
export type Figures = Readonly<Record<string, number>>;

export interface Report {
  readonly bench: string;
  /** Name and version of the peer; null when it is missing on this machine, with the reason in `note`. */
  readonly peerName: string | null;
  readonly ours: Figures;
  readonly peer: Figures | null;
  readonly note?: string;
  /** How far the rounds of ours lay apart. */
  readonly spread?: Figures;
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
};

/** The median of each figure over the rounds. */
export const medians = (rounds: readonly Figures[]): Figures => {
  const keys = Object.keys(rounds[0] ?? {});
  return Object.fromEntries(keys.map((key) => [key, median(rounds.map((round) => round[key] ?? NaN))]));
};

/** (largest − smallest) / median of each figure over the rounds. */
const spreads = (rounds: readonly Figures[]): Figures =>
  Object.fromEntries(
    Object.entries(medians(rounds)).map(([key, middle]) => {
      const all = rounds.map((round) => round[key] ?? NaN);
      return [key, middle === 0 ? 0 : (Math.max(...all) - Math.min(...all)) / Math.abs(middle)];
    }),
  );

/** Runs ours and the peer in turn, `rounds` times, so that a busy moment of the machine hits both. */
export const inTurn = async (
  rounds: number,
  ours: () => Figures | Promise<Figures>,
  peer: () => Figures | Promise<Figures>,
): Promise<{ readonly ours: Figures; readonly peer: Figures; readonly spread?: Figures }> => {
  const all: { ours: Figures[]; peer: Figures[] } = { ours: [], peer: [] };
  for (let round = 0; round < rounds; round++) {
    all.ours.push(await ours());
    all.peer.push(await peer());
  }
  return { ours: medians(all.ours), peer: medians(all.peer), ...(rounds > 1 ? { spread: spreads(all.ours) } : {}) };
};

const show = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '-' : Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);

/** Prints the table and, as the last line, the JSON. `ratio` is ours / peer for every figure both have. */
export const report = ({ bench, peerName, ours, peer, note, spread }: Report): void => {
  const ratio = Object.fromEntries(
    Object.keys(ours).flatMap((key) => (peer && key in peer ? [[key, (ours[key] ?? NaN) / (peer[key] ?? NaN)]] : [])),
  );
  console.log(`\n${bench}${peerName ? `  against ${peerName}` : '  (no peer on this machine)'}`);
  console.log(
    `  ${'figure'.padEnd(28)}${'ours'.padStart(14)}${'peer'.padStart(14)}${'ours / peer'.padStart(14)}${spread ? 'spread of ours'.padStart(17) : ''}`,
  );
  for (const key of Object.keys(ours)) {
    const apart = spread?.[key];
    console.log(
      `  ${key.padEnd(28)}${show(ours[key]).padStart(14)}${show(peer?.[key]).padStart(14)}${show(ratio[key]).padStart(14)}` +
        (apart === undefined ? '' : `${Math.round(100 * apart)} %`.padStart(17)),
    );
  }
  if (note) console.log(`  ${note}`);
  console.log(JSON.stringify({ bench, peerName, ours, peer, ratio }));
};
