/** The keys an object may have, each with those of the object below it, or null where the value is not looked into. */
export interface KnownKeys {
  readonly [key: string]: KnownKeys | null;
}

export interface UnknownKey {
  readonly path: readonly string[];
  readonly suggestion: string | null;
  readonly known: readonly string[];
}

/** Insertions, deletions, replacements and swaps of neighbours that make `b` of `a` (optimal string alignment). */
const editDistance = (a: string, b: string): number => {
  let beforeLast: readonly number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (beforeLast[j - 2] ?? 0) + 1 : Infinity;
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replace, swap));
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
};

/** The known key that was meant, whatever the case; null when none is near. */
const nearest = (key: string, known: readonly string[]): string | null => {
  const typed = key.toLowerCase();
  const [best] = known
    .map((name) => ({ name, distance: editDistance(typed, name.toLowerCase()) }))
    // A third of the letters may be wrong: `cafile`, `latncy`, `file`, but not `id` for `to`.
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(name.length / 3)) && distance < name.length)
    .sort((a, b) => a.distance - b.distance);
  return best?.name ?? null;
};

/** Every key of `input` that nobody reads, at any depth, in the order they stand. What is no object is for the decoder to refuse. */
export const unknownKeys = (input: unknown, known: KnownKeys, path: readonly string[] = []): readonly UnknownKey[] => {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return [];
  const names = Object.keys(known);
  return Object.entries(input).flatMap(([key, value]: [string, unknown]) => {
    const here = [...path, key];
    if (!Object.hasOwn(known, key)) return [{ path: here, suggestion: nearest(key, names), known: names }];
    const below = known[key];
    return below ? unknownKeys(value, below, here) : [];
  });
};
