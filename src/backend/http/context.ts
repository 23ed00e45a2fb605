import type { Service } from '../service.ts';
import type { ServiceMetrics } from './serviceMetrics.ts';
import type { LeaseCounter } from './lease.ts';

/** What routes are given. */
export interface Context {
  readonly service: Service;
  readonly metrics: ServiceMetrics;
  readonly leases: LeaseCounter;
  readonly dataDir: string;
  readonly version: string;
  readonly pid: number;
  readonly startedAt: number;
  readonly onError: (error: unknown) => void;
}
