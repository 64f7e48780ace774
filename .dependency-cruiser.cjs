/** The house rules of imports: shared ← domain ← use cases ← edges ← app ← main; other modules only by their door. */
const MODULES =
  'queue|agents|interactions|protocols|customers|erp|flows|voice|channels/[^/]+|supervision|reports|outreach|access|company|speech';
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'shared-is-pure',
      severity: 'error',
      from: { path: '^src/shared/' },
      to: { path: '^src/(?!shared/)' },
    },
    {
      name: 'contracts-know-nothing',
      severity: 'error',
      from: { path: '^src/contracts/' },
      to: { path: '^src/(?!contracts/|shared/)' },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^src/.+/domain/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^src/.+/domain/', '^src/shared/', '^src/contracts/', 'node_modules/zod'] },
    },
    {
      name: 'platform-has-no-business',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: `^src/(${MODULES})/`, pathNot: '^src/access/index\\.ts$' },
    },
    {
      name: 'modules-by-their-door',
      severity: 'error',
      from: { path: `^src/(${MODULES})/` },
      to: { path: `^src/(${MODULES})/`, pathNot: [`^src/(${MODULES})/index\\.ts$`, '^src/$1/'] },
    },
    {
      name: 'use-cases-do-not-know-edges',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [
          '/http[.]ts$',
          '/socket[.]ts$',
          '/index[.]ts$',
          '[.]test[.]ts$',
          '^src/platform/',
          '^src/app',
        ],
      },
      to: { path: ['/http[.]ts$', '/socket[.]ts$'], pathNot: 'node_modules' },
    },
    {
      name: 'nobody-imports-the-root',
      severity: 'error',
      from: { path: '^src/(?!main\\.ts|app\\.ts|app/)' },
      to: { path: '^src/(app|main)\\.ts$' },
    },
    {
      name: 'no-test-code-in-product',
      severity: 'error',
      from: { path: '^(src|softphone)/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^(tests|bench)/' },
    },
    {
      name: 'desk-sees-contracts-only',
      severity: 'error',
      from: { path: '^softphone/' },
      to: { path: '^src/(?!contracts/|shared/)' },
    },
    {
      name: 'no-orphan-deps',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
