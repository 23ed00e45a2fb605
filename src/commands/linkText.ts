import { splitReleaseKey, type ReleaseKey } from '../model/release.ts';

/** The release that a path `/release/SOURCE/RELEASE` names; a link says where to look, never what to do. */
export const keyOfPath = (path: string): ReleaseKey | null => {
  const key = /^\/release\/([^/]+\/[^/?#]+)$/.exec(path)?.[1] ?? '';
  return splitReleaseKey(key) ? (key as ReleaseKey) : null;
};
