import type * as vscode from 'vscode';
import type { Log } from '../base/log.ts';

const KEY = 'tree';
/** Rows of releases that have gone are forgotten by and by. */
const MOST = 500;

interface Kept {
  /** Rows that the person opened or closed, by id, the latest last. */
  readonly open: readonly (readonly [id: string, open: boolean])[];
  readonly selected: string | null;
}

const isPair = (value: unknown): value is readonly [string, boolean] =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && typeof value[1] === 'boolean';

const decode = (value: unknown): Kept => {
  if (typeof value !== 'object' || value === null) return { open: [], selected: null };
  const open: unknown = 'open' in value ? value.open : null;
  const selected = 'selected' in value ? value.selected : null;
  return { open: Array.isArray(open) ? open.filter(isPair) : [], selected: typeof selected === 'string' ? selected : null };
};

/** What the person opened, closed and selected in the tree, kept over a reload of the window: the editor itself forgets it for views of extensions. */
export class TreeMemory {
  private readonly memento: vscode.Memento;
  private readonly log: Log;
  private readonly open: Map<string, boolean>;
  private latest: string | null;

  constructor(memento: vscode.Memento, log: Log) {
    this.memento = memento;
    this.log = log;
    const kept = decode(memento.get<unknown>(KEY));
    this.open = new Map(kept.open);
    this.latest = kept.selected;
  }

  /** What the person made of it; null when it was left as it came. */
  isOpen(id: string): boolean | null {
    return this.open.get(id) ?? null;
  }

  get selected(): string | null {
    return this.latest;
  }

  setOpen(id: string, open: boolean): void {
    this.open.delete(id);
    this.open.set(id, open);
    this.write();
  }

  select(id: string): void {
    if (id === this.latest) return;
    this.latest = id;
    this.write();
  }

  private write(): void {
    const kept: Kept = { open: [...this.open].slice(-MOST), selected: this.latest };
    this.memento
      .update(KEY, kept)
      .then(undefined, (error: unknown) => this.log.warn(`What is open in the tree could not be remembered: ${String(error)}`));
  }
}
