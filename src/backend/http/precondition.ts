import type { ReleaseView } from '../domain/release.ts';

export const etagOf = (release: Pick<ReleaseView, 'revision'>): string => `"${String(release.revision)}"`;

export type Precondition =
  { readonly kind: 'missing' } | { readonly kind: 'any' } | { readonly kind: 'revisions'; readonly revisions: readonly number[] };

/** `If-Match: "7"` or a list of them, or `*`. What is not a revision of ours matches nothing. */
export const readIfMatch = (header: string | undefined): Precondition => {
  if (header === undefined || header.trim() === '') return { kind: 'missing' };
  if (header.trim() === '*') return { kind: 'any' };
  const revisions = header.split(',').map((tag) => Number(/^\s*(?:W\/)?"(\d{1,15})"\s*$/.exec(tag)?.[1] ?? NaN));
  return { kind: 'revisions', revisions: revisions.filter((revision) => Number.isFinite(revision)) };
};
