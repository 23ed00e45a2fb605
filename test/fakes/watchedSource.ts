import { until } from '../../scripts/bed/until.ts';
import type { Source, SourceError, SourceSnapshot } from '../../src/sources/source.ts';

export type Item = SourceSnapshot | SourceError;

/** Watches a source as the extension does and keeps what it said. */
export class WatchedSource {
  readonly source: Source;
  readonly items: Item[] = [];
  private readonly controller = new AbortController();
  private readonly ended: Promise<void>;

  constructor(source: Source) {
    this.source = source;
    this.ended = this.run();
  }

  get last(): Item | undefined {
    return this.items.at(-1);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The first item, from now or before, that passes. */
  async item<T extends Item>(what: string, passes: (item: Item) => item is T, limitMs?: number): Promise<T>;
  async item(what: string, passes: (item: Item) => boolean, limitMs?: number): Promise<Item>;
  async item(what: string, passes: (item: Item) => boolean, limitMs = 20_000): Promise<Item> {
    return until(`${what}; last: ${JSON.stringify(this.last)}`, () => this.items.find(passes) ?? null, limitMs);
  }

  /** Ends the watch and waits for its end. */
  async stop(): Promise<void> {
    this.controller.abort();
    await this.ended;
  }

  private async run(): Promise<void> {
    for await (const item of this.source.watch(this.controller.signal)) this.items.push(item);
  }
}

export const isSnapshot = (item: Item): item is SourceSnapshot => item.type === 'snapshot';
export const isError = (item: Item): item is SourceError => item.type === 'error';
