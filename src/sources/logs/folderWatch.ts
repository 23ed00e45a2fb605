import { watch, type FSWatcher } from 'node:fs';

/**
 * Calls back when something happens in one of the folders. It only makes news arrive sooner: file systems over a network, full watch
 * limits and editors' tricks all break it, so every failure is met by doing without.
 */
export class FolderWatch {
  private readonly onEvent: () => void;
  private readonly watchers = new Map<string, FSWatcher>();

  constructor(onEvent: () => void) {
    this.onEvent = onEvent;
  }

  set(folders: readonly string[]): void {
    const wanted = new Set(folders.slice(0, 100));
    for (const [folder, watcher] of this.watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.watchers.delete(folder);
    }
    for (const folder of wanted) if (!this.watchers.has(folder)) this.add(folder);
  }

  close(): void {
    this.set([]);
  }

  private add(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, this.onEvent);
      this.watchers.set(folder, watcher);
      watcher.on('error', () => {
        watcher.close();
        this.watchers.delete(folder);
      });
    } catch {
      // Polling finds the news as well, a little later.
    }
  }
}
