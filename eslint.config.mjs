import js from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const vscodeBan = { name: 'vscode', message: 'Only views, commands, platform and extension.ts may know the editor.' };

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', 'test/fixtures/', 'test-results/', '.vscode-test/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // Index access is checked by the compiler (noPropertyAccessFromIndexSignature).
      '@typescript-eslint/dot-notation': 'off',
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/views/**', 'src/commands/**', 'src/platform/**', 'src/extension.ts'],
    rules: {
      'no-restricted-imports': ['error', { paths: [vscodeBan] }],
      '@typescript-eslint/no-restricted-imports': ['error', { paths: [vscodeBan] }],
    },
  },
  {
    files: ['webview/**/*.ts'],
    ignores: ['webview/ui/controls.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [vscodeBan, { name: '@vscode/webview-ui-toolkit', message: 'Only webview/ui/controls.ts imports the archived toolkit.' }],
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    // node:test's describe and it return promises that the runner itself awaits.
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', name: ['describe', 'it', 'test', 'suite'], package: 'node:test' }] },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  { files: ['**/*.mjs', '**/*.cjs'], languageOptions: { globals: globals.node } },
);
