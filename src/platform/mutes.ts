import type * as vscode from 'vscode';
import { Emitter } from '../base/emitter.ts';
import type { ReleaseKey } from '../model/release.ts';

const KEY = 'mutedReleases';
const MOST = 500;

/** Releases whose alerts the person has silenced. The tree still shows what is wrong with them. */
export class Mutes {
  private readonly memento: vscode.Memento;
  private readonly changed = new Emitter<ReadonlySet<ReleaseKey>>();
  readonly onDidChange = this.changed.event;

  constructor(memento: vscode.Memento) {
    this.memento = memento;
  }

  /** Read anew every time: another window may have changed it. */
  get all(): ReadonlySet<ReleaseKey> {
    const stored = this.memento.get<unknown>(KEY);
    return new Set(Array.isArray(stored) ? stored.filter((key): key is ReleaseKey => typeof key === 'string') : []);
  }

  async set(key: ReleaseKey, muted: boolean): Promise<void> {
    const all = new Set(this.all);
    if (muted) all.add(key);
    else all.delete(key);
    await this.memento.update(KEY, [...all].slice(-MOST));
    this.changed.fire(all);
  }
}
