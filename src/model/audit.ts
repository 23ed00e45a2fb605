/** One entry of a service's own history of a release: what anybody did, with this editor or not. */
export interface AuditEntry {
  /** Epoch milliseconds on this machine's clock. */
  readonly time: number;
  /** Who, as the service names them; null when it does not say. */
  readonly actor: string | null;
  readonly role: string | null;
  /** The service's word for it. */
  readonly action: string;
  /** Ratio before and after; null where there was none. */
  readonly from: number | null;
  readonly to: number | null;
  readonly reason: string | null;
  /** Of the release after it. */
  readonly revision: string;
}
