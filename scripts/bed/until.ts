const INTERVAL_MS = 50;

/** Waits until `condition` holds. What it throws ends the wait at once; when the time is over the error says what was waited for. */
export const until = async <T>(
  what: string,
  condition: () => T | Promise<T>,
  limitMs = 20_000,
): Promise<Exclude<T, false | null | undefined | '' | 0>> => {
  const end = Date.now() + limitMs;
  for (;;) {
    const value = await condition();
    if (value) return value as Exclude<T, false | null | undefined | '' | 0>;
    if (Date.now() > end) throw new Error(`not within ${String(limitMs / 1000)} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
};
