import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../../..');
/** Pictures and logs of what failed; git ignores it. */
export const RESULTS = path.join(ROOT, 'test-results');
export const BACKEND = path.join(ROOT, 'dist/backend.js');
/** The package under test, built by the runner. */
export const VSIX = path.join(ROOT, 'out/workbench/rollout-lens.vsix');
/** The in-host suites, bundled by the runner. */
export const SUITES = path.join(ROOT, 'out/workbench/suites');
