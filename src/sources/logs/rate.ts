/** The rate is that of this long before the newest count. */
const WINDOW_MS = 10_000;

/** How fast a count rises, per second, over the last ten seconds. */
export class Rate {
  private readonly seen: { readonly at: number; readonly count: number }[] = [];

  /** `at` in milliseconds, rising. */
  add(at: number, count: number): void {
    this.seen.push({ at, count });
    while (this.seen.length > 2 && (this.seen[1]?.at ?? at) <= at - WINDOW_MS) this.seen.shift();
  }

  get perSecond(): number {
    const [first] = this.seen;
    const last = this.seen.at(-1);
    if (!first || !last || last.at <= first.at) return 0;
    return ((last.count - first.count) / (last.at - first.at)) * 1000;
  }
}
