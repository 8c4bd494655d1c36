// Who may import whom. test/architecture.test.ts breaks every rule once and sees it reported.

/** Tests and what only tests use: `x.test.ts`, `x.test-d.ts`, `x.test-kit.ts`. */
const TEST = '\\.test[-a-z]*\\.ts$';
const SOURCE = '^packages/[^/]+/src/';

/** A package's production code may import these packages and itself; its tests may import @posthorn/testing too. */
const layer = (name, from, allowed, comment) => {
  const itself = from.includes('(') ? '$1' : from;
  const packages = (names) => `^packages/(${names.join('|')})/`;
  return [
    {
      name,
      comment,
      severity: 'error',
      from: { path: `^packages/${from}/src/`, pathNot: TEST },
      to: { path: '^packages/', pathNot: packages([itself, ...allowed]) },
    },
    {
      name: `${name}-in-tests`,
      comment: `${comment} Its tests may use @posthorn/testing as well; a test of several packages goes to test/.`,
      severity: 'error',
      from: { path: `^packages/${from}/src/.*${TEST}` },
      to: { path: '^packages/', pathNot: packages([itself, ...allowed, 'testing']) },
    },
  ];
};

export default {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'Two modules that import each other are one module, or one of them knows too much.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...layer(
      'core-stands-alone',
      'core',
      [],
      'Core knows no adapter, no backend, no store and no test tools.',
    ),
    ...layer(
      'adapters-know-core',
      '(adapter-[^/]+)',
      ['core', 'http-client'],
      'An adapter imports core, the HTTP client where it needs one, and nothing else of ours.',
    ),
    ...layer(
      'http-client-knows-core',
      'http-client',
      ['core'],
      "The HTTP client says what failed in core's words, and imports nothing else of ours.",
    ),
    ...layer('stores-know-core', '(store-[^/]+)', ['core'], 'A store imports core and nothing else of ours.'),
    ...layer(
      'backends-know-stores',
      '(backend-[^/]+)',
      ['core', 'store-[^/]+'],
      'A backend imports core and a store and nothing else of ours.',
    ),
    ...layer(
      'testing-knows-backends',
      'testing',
      ['core', 'backend-[^/]+'],
      'The suites run against any adapter: they import core and the backend that testPosthorn() uses.',
    ),
    {
      name: 'core-opens-nothing',
      comment: 'Core has no sockets and no SQL. The types of node:http are free.',
      severity: 'error',
      from: { path: '^packages/core/src/', pathNot: TEST },
      to: {
        path: '^(node:)?(dgram|dns|http|http2|https|net|sqlite|tls)(/|$)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'packages-by-name',
      comment:
        'Another package is imported by its name and so by its index.ts, never by a path into its files.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: {
        path: '^(packages/[^/]+/src|examples|bench)/',
        pathNot: ['^packages/$1/', '^packages/[^/]+/src/index\\.ts$'],
      },
    },
    {
      name: 'packages-by-name-elsewhere',
      comment: 'Examples and the tests of several packages use what a host would: the package, by its name.',
      severity: 'error',
      from: { path: '^(examples|test|bench)/' },
      to: { path: SOURCE, pathNot: '^packages/[^/]+/src/index\\.ts$' },
    },
    {
      name: 'rooms-by-their-door',
      comment: 'Another room of core is entered by its index.ts.',
      severity: 'error',
      from: { path: '^packages/core/src/([^/]+)/' },
      to: {
        path: '^packages/core/src/[^/]+/',
        pathNot: ['^packages/core/src/$1/', '^packages/core/src/[^/]+/index\\.ts$'],
      },
    },
    {
      name: 'rooms-by-their-door-from-outside',
      comment: 'Files that stand in no room enter a room of core by its index.ts.',
      severity: 'error',
      from: { path: '^packages/core/src/[^/]+$' },
      to: { path: '^packages/core/src/[^/]+/', pathNot: '^packages/core/src/[^/]+/index\\.ts$' },
    },
    {
      name: 'resolvable',
      comment: 'What is imported exists, and the package that imports it can see it.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared',
      comment: "Production code imports only its package's own dependencies and peerDependencies.",
      severity: 'error',
      from: { path: SOURCE, pathNot: TEST },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['npm', 'npm-peer', 'npm-optional'],
      },
    },
    {
      name: 'tests-are-leaves',
      comment: 'No production code imports a test.',
      severity: 'error',
      from: { pathNot: TEST },
      to: { path: TEST },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|docs/reference)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@posthorn/source', 'import', 'types', 'node', 'default'],
      extensions: ['.ts', '.mts', '.js', '.mjs', '.json', '.d.ts'],
      mainFields: ['module', 'main', 'types'],
    },
    builtInModules: { add: ['sqlite', 'node:sqlite'] },
  },
};
