import { bucketOf } from '../../model/histogram.ts';
import type { IncomingEvent } from './event.ts';
import { userMark } from './userSet.ts';

/** What was counted of one variant of one release in one second, minute or hour. Mergeable without loss. */
export interface Cell {
  requests: number;
  errors: number;
  clientErrors: number;
  predictions: number;
  correct: number;
  ratings: number;
  ratingSum: number;
  cpuCount: number;
  cpuSum: number;
  memoryCount: number;
  memorySum: number;
  /** Bucket of src/model/histogram.ts → count. */
  readonly latency: Map<number, number>;
  /** Marks of the distinct users. */
  readonly users: Set<number>;
}

export const emptyCell = (): Cell => ({
  requests: 0,
  errors: 0,
  clientErrors: 0,
  predictions: 0,
  correct: 0,
  ratings: 0,
  ratingSum: 0,
  cpuCount: 0,
  cpuSum: 0,
  memoryCount: 0,
  memorySum: 0,
  latency: new Map(),
  users: new Set(),
});

export const SERVER_ERROR = 500;
export const CLIENT_ERROR = 400;

/** Status 500 and above is an error of the version; 4xx and 499 are the client's and kept apart. */
const countRequest = (cell: Cell, { status, latencyMs }: IncomingEvent): void => {
  cell.requests += 1;
  if (status !== null && status >= SERVER_ERROR) cell.errors += 1;
  else if (status !== null && status >= CLIENT_ERROR) cell.clientErrors += 1;
  if (latencyMs === null) return;
  const bucket = bucketOf(latencyMs);
  cell.latency.set(bucket, (cell.latency.get(bucket) ?? 0) + 1);
};

const countResource = (cell: Cell, { cpu, memoryBytes }: IncomingEvent): void => {
  if (cpu !== null) {
    cell.cpuCount += 1;
    cell.cpuSum += cpu;
  }
  if (memoryBytes !== null) {
    cell.memoryCount += 1;
    cell.memorySum += memoryBytes;
  }
};

/** The kind says what is measured: fields of other kinds are ignored, so that nothing counts twice. */
export const countEvent = (cell: Cell, event: IncomingEvent): void => {
  if (event.userId !== null) cell.users.add(userMark(event.userId));
  switch (event.kind) {
    case 'request':
      countRequest(cell, event);
      return;
    case 'prediction':
      cell.predictions += 1;
      if (event.correct === true) cell.correct += 1;
      return;
    case 'feedback':
      cell.ratings += 1;
      cell.ratingSum += event.rating ?? 0;
      return;
    case 'resource':
      countResource(cell, event);
      return;
  }
};

export const addCell = (into: Cell, cell: Cell): void => {
  into.requests += cell.requests;
  into.errors += cell.errors;
  into.clientErrors += cell.clientErrors;
  into.predictions += cell.predictions;
  into.correct += cell.correct;
  into.ratings += cell.ratings;
  into.ratingSum += cell.ratingSum;
  into.cpuCount += cell.cpuCount;
  into.cpuSum += cell.cpuSum;
  into.memoryCount += cell.memoryCount;
  into.memorySum += cell.memorySum;
  for (const [bucket, count] of cell.latency) into.latency.set(bucket, (into.latency.get(bucket) ?? 0) + count);
  for (const mark of cell.users) into.users.add(mark);
};
