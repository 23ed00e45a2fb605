import type { VariantRole } from '../../model/release.ts';

interface Common {
  /** Unique for ever: the service counts an id once, so a batch can be sent again. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly release: string;
  readonly variant: VariantRole;
}

/** What a scenario emits: the service's event, always with the variant that served it. */
export type ScenarioEvent =
  | (Common & { readonly kind: 'request'; readonly userId: string; readonly status: number; readonly latencyMs: number })
  | (Common & { readonly kind: 'prediction'; readonly userId: string; readonly correct: boolean })
  | (Common & { readonly kind: 'feedback'; readonly userId: string; readonly rating: number })
  | (Common & { readonly kind: 'resource'; readonly cpu: number; readonly memoryBytes: number });
