import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'data/**',
      'coverage/**',
      'node_modules/**',
      'softphone/dist/**',
      'scripts/**',
      '*.js',
      '*.cjs',
      'softphone/vite.config.ts',
      'tests/arch/planted/**',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
      // A factory holds its functions, so its lines are theirs; each inner function stays near 40.
      'max-lines-per-function': ['error', { max: 90, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 15],
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.test.ts', 'tests/**', 'bench/**'],
    rules: {
      complexity: 'off',
      '@typescript-eslint/unbound-method': 'off',
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-console': 'off',
    },
  },
  {
    files: ['softphone/src/**/*.tsx'],
    rules: { 'max-lines-per-function': ['error', { max: 120, skipBlankLines: true, skipComments: true }] },
  },
  // The browser's bubbles speak its own language, and nothing stays at the field.
  {
    files: ['softphone/src/**/*.tsx'],
    ignores: ['softphone/src/ui/Form.tsx', 'softphone/src/ui/fields.tsx'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: "JSXOpeningElement[name.name='form']", message: 'Use Form of ui/Form.tsx.' },
        {
          selector:
            'JSXOpeningElement[name.name=/^(TextInput|Textarea|NumberInput|PasswordInput|Select|MultiSelect)$/] > JSXAttribute[name.name=/^(required|minLength|pattern)$/]',
          message: 'Use the fields of ui/fields.tsx: they say themselves what is missing.',
        },
      ],
    },
  },
  // Mongoose declares schema fields as class instances and takes plain objects for them.
  {
    files: ['src/**/*store*.ts', 'src/**/store/**', 'bench/**'],
    rules: { '@typescript-eslint/no-unsafe-class-instance-assignment': 'off' },
  },
  { files: ['**/*.cli.ts', 'src/main.ts'], rules: { 'no-console': 'off' } },
  // Text of strangers goes through our patterns: none may take time that grows faster than the text.
  {
    files: ['src/**', 'softphone/src/**'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': 'error',
      'regexp/no-super-linear-move': 'error',
    },
  },
  // One place touches the system's time (ADR 0019): its timers ring early, overflow, and follow a clock that somebody sets.
  {
    files: ['src/**'],
    ignores: ['src/shared/clock.ts', 'src/**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'setInterval'].map((name) => ({ name, message: 'Use Clock.after or Deadlines.' })),
      ],
      'no-restricted-imports': [
        'error',
        ...['node:timers', 'node:timers/promises', 'timers', 'timers/promises'].map((name) => ({
          name,
          message: 'Use Clock.after or Deadlines.',
        })),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'MemberExpression[object.name=/^(globalThis|global)$/][property.name=/^set(Timeout|Interval)$/]',
          message: 'Use Clock.after or Deadlines.',
        },
        {
          selector: "MemberExpression[object.name='Date'][property.name='now']",
          message: 'Use Clock.now for what is told, Clock.steady for what is measured.',
        },
      ],
    },
  },
  // Only the entry points may look at the environment; everything else gets a Config.
  {
    files: ['src/**'],
    ignores: ['src/main.ts', 'src/**/*.cli.ts', 'src/**/*.test.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env' },
        { object: 'process', property: 'exit' },
      ],
    },
  },
);
