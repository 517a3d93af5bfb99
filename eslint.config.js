// What needs more than one file or the types to be seen. Formatting and every rule that one syntax tree
// is enough for (any, `!`, default exports, type imports, file names) belong to Biome, in biome.json.

import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import architecture from './eslint.architecture.js';

const TYPED = ['src/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'];

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'reports/', '.oathbatch/', '.mutation/', '**/*.js', '**/*.mjs']),
  {
    name: 'types',
    files: TYPED,
    extends: [tseslint.configs.recommendedTypeCheckedOnly],
    languageOptions: {
      parserOptions: { project: './tsconfig.test.json', tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // A promise is awaited, returned, or handed to what awaits it; `void` is no answer.
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: false, checkThenables: true }],
      // An error that was caught, and is unknown by its type, may be thrown on.
      '@typescript-eslint/only-throw-error': [
        'error',
        { allowThrowingUnknown: true, allowThrowingAny: false, allowRethrowing: true },
      ],
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      // Each member of a union has its case, and the default is assertNever.
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { requireDefaultForNonUnion: true }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/use-unknown-in-catch-callback-variable': 'error',
      '@typescript-eslint/require-array-sort-compare': ['error', { ignoreStringArrays: true }],
      // The ports are asynchronous interfaces; what stands behind them may answer at once.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    name: 'trusted inside',
    files: ['src/**/*.ts'],
    // What comes from outside is checked here, once, and may be named after the check.
    ignores: ['src/**/decode*.ts', 'src/**/*-decoder.ts'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: { '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }] },
  },
  {
    name: 'tests',
    files: ['test/**/*.ts'],
    rules: {
      // expect(port.method) is a look, not a call.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  architecture,
);
