import type { BadLineReason } from '../messages.ts';
import type { LogMapping } from './mapping.ts';

const why = (reason: BadLineReason, { time, variant, status }: LogMapping): string => {
  switch (reason) {
    case 'json':
      return 'it is no JSON object';
    case 'time':
      return `its field ${time.field} holds no time in the unit ${time.unit}`;
    case 'variant':
      return `its field ${variant.field}, the variant, is missing or empty`;
    case 'status':
      return `its field ${status.field}, the status, is missing or empty`;
    case 'long':
      return 'it is longer than is read';
    case 'future':
      return `its time is ahead of this machine's clock; is the unit ${time.unit} of ${time.field} right?`;
    case 'old':
      return 'it is older than what is kept';
  }
};

/** For the output channel; said for the first few lines of a reason only. */
export const badLineText = (reason: BadLineReason, source: string, file: string, line: number, mapping: LogMapping): string =>
  `Line ${String(line)} of ${file} (source ${source}) is not counted: ${why(reason, mapping)}`;
