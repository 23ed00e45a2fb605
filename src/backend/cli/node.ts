/** The first release of Node whose own SQLite does all that is needed. */
const NEEDED = [22, 15] as const;

/** Why the program cannot run on this Node (`process.versions.node`), in one line; null when it can. */
export const nodeProblem = (version: string): string | null => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])
    ? null
    : `This program needs Node ${NEEDED.join('.')} or newer; this is Node ${version}.`;
};
