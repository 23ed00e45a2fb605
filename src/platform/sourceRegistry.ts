import type { Disposable } from '../base/disposable.ts';
import type { Log } from '../base/log.ts';
import type { Result } from '../base/result.ts';
import { message, type Message } from '../model/message.ts';
import type { SourceMessageKey } from '../sources/messages.ts';
import type { Source } from '../sources/source.ts';
import type { Settings, SourceSetting } from './sourceSettings.ts';

export interface Opened extends Disposable {
  readonly source: Source;
}

export interface RegistryDeps {
  readonly open: (setting: SourceSetting, pollIntervalMs: number) => Promise<Result<Opened, Message<SourceMessageKey>>>;
  readonly attach: (source: Source) => Disposable;
  /** A source that could not be opened at all, or can again (null). */
  readonly onProblem: (setting: SourceSetting, problem: Message<SourceMessageKey> | null) => void;
  readonly log: Log;
}

interface Entry {
  readonly face: string;
  readonly setting: SourceSetting;
  readonly pollIntervalMs: number;
  ended: boolean;
  owned: readonly Disposable[];
}

/** Keeps the attached sources equal to the settings: what did not change is left running. */
export class SourceRegistry implements Disposable {
  private readonly deps: RegistryDeps;
  private readonly entries = new Map<string, Entry>();

  constructor(deps: RegistryDeps) {
    this.deps = deps;
  }

  get settings(): readonly SourceSetting[] {
    return [...this.entries.values()].map((entry) => entry.setting);
  }

  /** `network` is the face of everything else that a connection is opened with: proxy and certificates of the editor. */
  apply({ sources, pollIntervalMs }: Pick<Settings, 'sources' | 'pollIntervalMs'>, network: string): void {
    const faceOf = (setting: SourceSetting): string =>
      JSON.stringify(setting.type === 'http' ? [setting, pollIntervalMs, network] : [setting]);
    const wanted = new Map(sources.map((setting) => [setting.id, { setting, face: faceOf(setting) }]));
    for (const [id, entry] of this.entries) if (wanted.get(id)?.face !== entry.face) this.end(id, entry);
    for (const [id, { setting, face }] of wanted) {
      if (this.entries.has(id)) continue;
      const entry: Entry = { face, setting, pollIntervalMs, ended: false, owned: [] };
      this.entries.set(id, entry);
      void this.begin(entry);
    }
  }

  /** Opens again what could not be opened. */
  retry(): void {
    for (const entry of this.entries.values()) if (entry.owned.length === 0) void this.begin(entry);
  }

  private async begin(entry: Entry): Promise<void> {
    try {
      const opened = await this.deps.open(entry.setting, entry.pollIntervalMs);
      if (!opened.ok) {
        if (!entry.ended) this.deps.onProblem(entry.setting, opened.error);
        return;
      }
      if (entry.ended || entry.owned.length > 0) {
        opened.value.dispose();
        return;
      }
      this.deps.onProblem(entry.setting, null);
      entry.owned = [opened.value, this.deps.attach(opened.value.source)];
    } catch (error) {
      const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.deps.log.error(`The source ${entry.setting.name} could not be opened: ${problem}`);
      if (!entry.ended)
        this.deps.onProblem(
          entry.setting,
          message('source.error.crashed', { problem: error instanceof Error ? error.message : String(error) }),
        );
    }
  }

  private end(id: string, entry: Entry): void {
    entry.ended = true;
    this.entries.delete(id);
    this.deps.onProblem(entry.setting, null);
    for (const item of [...entry.owned].reverse()) item.dispose();
  }

  dispose(): void {
    for (const [id, entry] of [...this.entries]) this.end(id, entry);
  }
}
