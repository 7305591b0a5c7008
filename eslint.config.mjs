import js from '@eslint/js';
import jest from 'eslint-plugin-jest';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Each entry says what to do instead. */
const BANNED_SYNTAX = [
  {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
    message: 'Take a Clock: time is handed in (@rootcellar/model).',
  },
  {
    selector: 'CallExpression[callee.object.name="Date"][callee.property.name="now"]',
    message: 'Take a Clock: time is handed in (@rootcellar/model).',
  },
  {
    selector: 'MemberExpression[object.name="process"][property.name="env"]',
    message: 'Only the configuration reads the environment (libs/platform/src/config, main files).',
  },
  {
    selector: 'ThrowStatement > NewExpression[callee.name=/HttpException|Exception$/]',
    message: 'Throw an ArchiveError with a code; the HTTP edge maps its kind.',
  },
  {
    selector: 'CallExpression[callee.name="forwardRef"]',
    message: 'A cycle: move the shared part down.',
  },
  { selector: 'ExportAllDeclaration', message: 'Name what you export.' },
];

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      '**/node_modules/',
      '.runtime/',
      'data/',
      'libs/client/src/generated/',
      'libs/chunking/assembly/',
      'apps/api/src/generated/',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/strict-boolean-expressions': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
      complexity: ['error', 12],
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...BANNED_SYNTAX],
    },
  },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts', '**/src/testing/**/*.ts'],
    plugins: { jest },
    languageOptions: { globals: globals.jest },
    rules: {
      ...jest.configs['flat/recommended'].rules,
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'verify*', 'fc.assert'] }],
      'jest/no-standalone-expect': 'off',
      // Conformance suites are exported: that is what they are for.
      'jest/no-export': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      'max-lines-per-function': 'off',
      'no-restricted-syntax': 'off',
    },
  },
  {
    // What a room gives, one name after the other: nobody reads it in a sitting.
    files: ['libs/*/src/index.ts'],
    rules: { 'max-lines': 'off' },
  },
  {
    // Nest describes shapes by classes that nobody constructs: DTOs and options are plain objects.
    files: ['apps/{api,standalone}/src/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
    },
  },
  {
    files: ['apps/web/src/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended],
    languageOptions: { globals: globals.browser },
    rules: {
      // The router's way to leave `beforeLoad` is to throw a redirect.
      '@typescript-eslint/only-throw-error': [
        'error',
        { allow: [{ from: 'package', name: 'Redirect', package: '@tanstack/router-core' }] },
      ],
    },
  },
  {
    // Programs: they may print, and read the environment they were started with.
    files: [
      'apps/*/src/main.ts',
      'libs/platform/src/process/run-process.ts',
      'test/src/{bench,chaos,fuzz,rehearsal}/**/*.ts',
      'libs/testkit/src/**/*.ts',
    ],
    rules: { 'no-console': 'off', 'no-restricted-syntax': 'off' },
  },
  { files: ['**/*.mjs', '**/*.cjs'], languageOptions: { globals: globals.node } },
);
