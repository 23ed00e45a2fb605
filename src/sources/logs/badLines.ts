import type { BadLineReason } from '../messages.ts';

/** How many examples are kept a reason, and how much of a line is shown. */
const EXAMPLES = 3;
const EXCERPT = 120;

/** Lines that are not counted: how many, why, and the first few of each reason as they stand in the file. */
export class BadLines {
  private readonly byReason = new Map<BadLineReason, { count: number; readonly examples: string[] }>();
  private sum = 0;

  get count(): number {
    return this.sum;
  }

  /** Answers true while the line becomes an example: the first few of a reason are worth a log entry. */
  add(reason: BadLineReason, file: string, line: number, text: string): boolean {
    this.sum++;
    let entry = this.byReason.get(reason);
    if (!entry) this.byReason.set(reason, (entry = { count: 0, examples: [] }));
    entry.count++;
    if (entry.examples.length >= EXAMPLES) return false;
    entry.examples.push(`${file}:${String(line)}: ${text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text}`);
    return true;
  }

  /** The commonest reason with its first example; null when every line counts. */
  get worst(): { readonly reason: BadLineReason; readonly count: number; readonly example: string } | null {
    const [first] = [...this.byReason].sort((a, b) => b[1].count - a[1].count);
    return first ? { reason: first[0], count: first[1].count, example: first[1].examples[0] ?? '' } : null;
  }

  /** All reasons with their examples, for a technical reader. */
  describe(): string {
    return [...this.byReason].map(([reason, { count, examples }]) => `${reason} ×${String(count)}\n  ${examples.join('\n  ')}`).join('\n');
  }
}
