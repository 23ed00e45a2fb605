import type { Quantity } from './quantity.ts';

export type MessageArg = string | number | Quantity;

/**
 * Text for a person, as a key with arguments: core code holds no English. The keys of each module are a union type beside
 * it (`messages.ts`), and `platform/` holds the text of every key in every language.
 */
export interface Message<K extends string = string> {
  readonly key: K;
  readonly args: Readonly<Record<string, MessageArg>>;
}

export const message = <K extends string>(key: K, args: Readonly<Record<string, MessageArg>> = {}): Message<K> => ({ key, args });
