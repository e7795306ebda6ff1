import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

const typed = {
  languageOptions: {
    parserOptions: {
      projectService: true,
      tsconfigRootDir: import.meta.dirname,
      extraFileExtensions: ['.svelte'],
    },
  },
};

/** Imports no page code may make; import walls see the rest, but not types in `.svelte` files. */
const PAGE_WALL = {
  patterns: [
    { group: ['node:*', 'electron', '**/main/**'], message: 'The page runs without Node.' },
  ],
};

export default ts.config(
  {
    ignores: [
      'dist/',
      'node_modules/',
      'test/artefacts/',
      'test/fixtures/',
      'test/golden/',
      'main/engine/ingest/wasm/assembly/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.svelte', '**/*.svelte.ts'],
    extends: [...ts.configs.strictTypeChecked],
    ...typed,
    rules: {
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-undef': 'off',
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.ts'],
    rules: {
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    },
  },
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      globals: globals.browser,
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        parser: ts.parser,
        extraFileExtensions: ['.svelte'],
      },
    },
  },
  {
    files: ['renderer/**'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', PAGE_WALL] },
    ignores: ['renderer/vite.config.ts'],
  },
  {
    files: ['main/engine/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'TaggedTemplateExpression[tag.name="unsafe"]',
          message: 'SQL text comes from .sql files or fixed fragments; values are bound.',
        },
      ],
    },
  },
  {
    files: ['**/*.config.ts', 'renderer/vite.config.ts', '**/*.config.js'],
    rules: { 'no-restricted-exports': 'off' },
  },
  { files: ['renderer/vite.config.ts'], extends: [ts.configs.disableTypeChecked] },
  {
    files: ['**/*.d.ts'],
    rules: { 'no-restricted-exports': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unnecessary-condition': 'off',
    },
  },
);
