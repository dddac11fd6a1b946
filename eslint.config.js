import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const impure = [
  'node:fs',
  'node:fs/promises',
  'node:net',
  'node:http',
  'node:https',
  'node:child_process',
  'node:timers',
  'node:timers/promises',
  '@kubernetes/client-node',
  '@margay/addon/*',
];

/** One folder may not import the others named: imports run one way. */
const layer = (files, patterns, message) => ({
  files,
  ignores: ['**/*.test.ts'],
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group: patterns, message }] }] },
});

export default tseslint.config(
  { ignores: ['**/node_modules/', 'build/', 'dist/', '**/*.gen.ts', '**/*.js', '**/*.cjs', '**/*.mjs'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 10],
      'max-params': ['error', 4],
      'max-depth': ['error', 3],
      eqeqeq: 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['**/*.test.ts', '**/*.scenario.ts'],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'describe', 'it'], package: 'node:test' },
          ],
        },
      ],
    },
  },
  layer(['lib/**'], ['@margay/*'], 'lib imports no other room.'),
  layer(
    ['crds/**'],
    ['@margay/operator/*', '@margay/agent/*', '@margay/cli/*', '@margay/addon/*'],
    'crds imports lib only.',
  ),
  layer(
    ['operator/src/controllers/**', 'operator/src/*.ts'],
    ['@margay/agent/*', '@margay/addon/*', '@margay/cli/*'],
    'operator imports lib and crds.',
  ),
  layer(
    ['operator/src/{render,rollout,status}/**'],
    [...impure, '@margay/agent/*'],
    'This folder is pure: no clock, socket, file or client.',
  ),
  layer(
    ['agent/src/{calc,abi}/**'],
    [...impure, '@margay/operator/*'],
    'This folder is pure: no clock, socket, file or client.',
  ),
  layer(
    ['agent/src/{watch,dataplane,cni,flows,diag}/**', 'agent/src/*.ts'],
    ['@margay/operator/*', '@margay/cli/*'],
    'agent imports lib, crds and addon.',
  ),
);
