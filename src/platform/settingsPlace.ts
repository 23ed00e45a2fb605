import { findNodeAtLocation, parseTree } from 'jsonc-parser';

/** Where in the text of a settings file the value at `path` stands, or the nearest one around it; null when not even the setting is there. */
export const findPlace = (
  text: string,
  path: readonly (string | number)[],
): { readonly offset: number; readonly length: number } | null => {
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (!root) return null;
  for (let depth = path.length; depth > 0; depth--) {
    const found = findNodeAtLocation(root, path.slice(0, depth));
    // The key too, where it is a key that is wrong.
    const shown = found?.parent?.type === 'property' ? found.parent : found;
    if (shown) return { offset: shown.offset, length: shown.length };
  }
  return null;
};
