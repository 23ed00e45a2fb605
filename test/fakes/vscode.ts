/** The little of the editor's module that views and platform call, for tests that run them without an editor. Load it before what imports `vscode`. */
import { registerHooks } from 'node:module';

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vscode'
      ? { url: new URL('./vscodeModule.ts', import.meta.url).href, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
});

export { shown } from './vscodeModule.ts';
