import type { Reply } from '../transportTypes.ts';

/** Characters of an excerpt. */
const EXCERPT = 300;
/** How much of a body it is sought in, in characters. */
const SOUGHT_IN = 65_536;

/**
 * The visible text of a page, or the beginning of whatever came. What is not closed goes to the end, so that a hostile page is not searched
 * again for each of its brackets.
 */
export const excerptOf = ({ headers, body }: Pick<Reply, 'headers' | 'body'>): string => {
  const beginning = body.slice(0, SOUGHT_IN);
  const page = (headers['content-type'] ?? '').includes('html') || /^\s*</.test(beginning);
  const text = page ? beginning.replace(/<(style|script|head)\b.*?(?:<\/\1>|$)/gis, ' ').replace(/<[^<>]*(?:>|(?=<)|$)/g, ' ') : beginning;
  return text.replace(/\s+/g, ' ').trim().slice(0, EXCERPT);
};
