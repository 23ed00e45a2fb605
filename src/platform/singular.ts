import type { TextArgs } from './localizer.ts';

const NOUNS = /\{(\w+)\}((?: more| fewer| sampled)?) (users|requests|predictions|lines|files|releases|times|steps|anomalies)\b/g;

/** An English text whose count is one: "{count} users" with 1 is "{count} user". Only what the text itself says is changed, never what is filled in. */
export const singular = (text: string, args: TextArgs): string =>
  text.replace(NOUNS, (whole, name: string, between: string, noun: string) =>
    String(args[name]) === '1' ? `{${name}}${between} ${noun === 'anomalies' ? 'anomaly' : noun.slice(0, -1)}` : whole,
  );
