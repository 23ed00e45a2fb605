/** The try-out profile: a folder of its own, so that nobody's own VS Code is touched. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');
export const PROFILE = path.join(ROOT, 'out/start');

export const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'git.openRepositoryInParentFolders': 'never',
  // The folder is made by this script.
  'security.workspace.trust.enabled': false,
};

/** Tells the extension to open on the live example. */
export const EXAMPLE = { ROLLOUT_LENS_EXAMPLE: '1' };

export const makeWorkspace = (): string => {
  const workspace = path.join(PROFILE, 'workspace');
  mkdirSync(workspace, { recursive: true });
  writeFileSync(
    path.join(workspace, 'README.md'),
    'A folder to try Rollout Lens in. Click the Rollouts icon in the activity bar; the release there is simulated.\n',
  );
  return workspace;
};
