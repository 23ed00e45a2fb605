/** Counts the windows that hold a lease, and tells when none has for `graceMs`. */
export class LeaseCounter {
  private readonly graceMs: number | null;
  private readonly onExpired: () => void;
  private held = 0;
  private timer: NodeJS.Timeout | null = null;
  private disposed = false;

  /** `graceMs` null: never expires. Counting begins at once, so a service that nobody comes to ends too. */
  constructor(graceMs: number | null, onExpired: () => void) {
    this.graceMs = graceMs;
    this.onExpired = onExpired;
    this.arm();
  }

  /** How many are held. */
  get count(): number {
    return this.held;
  }

  /** Returns what gives the lease back; calling it twice is harmless. */
  hold(): () => void {
    this.held += 1;
    this.disarm();
    let mine = true;
    return () => {
      if (!mine) return;
      mine = false;
      this.held -= 1;
      if (this.held === 0) this.arm();
    };
  }

  /** Leases that end afterwards, because the service does, arm nothing: a timer would keep the process for as long again. */
  dispose(): void {
    this.disposed = true;
    this.disarm();
  }

  private arm(): void {
    if (this.graceMs === null || this.disposed) return;
    this.disarm();
    this.timer = setTimeout(this.onExpired, this.graceMs);
  }

  private disarm(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
