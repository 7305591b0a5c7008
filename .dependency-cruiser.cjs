/** Who may import whom. This table is the architecture (docs/architecture.md); change it with an ADR. */
const MAY_IMPORT = {
  'libs/model': [],
  'libs/object-store': ['libs/model'],
  'libs/retention': ['libs/model'],
  'libs/chunking': ['libs/model'],
  'libs/zip': ['libs/model'],
  'libs/ios': ['libs/model', 'libs/zip'],
  'libs/android': ['libs/model', 'libs/zip'],
  'libs/device-link': ['libs/model', 'libs/ios'],
  'libs/vault': ['libs/model', 'libs/chunking', 'libs/object-store'],
  'libs/archive': [
    'libs/model',
    'libs/retention',
    'libs/chunking',
    'libs/zip',
    'libs/ios',
    'libs/android',
    'libs/vault',
  ],
  'libs/catalog': ['libs/model', 'libs/retention', 'libs/archive', 'libs/vault', 'migrations'],
  'libs/jobs': ['libs/model', 'libs/archive'],
  'libs/platform': [
    'libs/model',
    'libs/retention',
    'libs/object-store',
    'libs/chunking',
    'libs/zip',
    'libs/ios',
    'libs/android',
    'libs/vault',
    'libs/archive',
    'libs/catalog',
    'libs/jobs',
  ],
  'libs/client': [],
  'apps/api': ['libs/model', 'libs/archive', 'libs/catalog/dist/queries', 'libs/platform'],
  'apps/worker': ['libs/model', 'libs/archive', 'libs/jobs', 'libs/platform'],
  'apps/migrate': ['libs/model', 'libs/platform'],
  'apps/standalone': ['libs/model', 'libs/platform', 'apps/api', 'apps/worker', 'migrations'],
  'apps/cli': [
    'libs/model',
    'libs/client',
    'libs/chunking',
    'libs/zip',
    'libs/ios',
    'libs/android',
    'libs/device-link',
    'libs/runtime',
  ],
  'apps/web': ['libs/client'],
  'libs/testkit': [],
  migrations: [],
  'libs/runtime': [],
  test: ['apps', 'libs', 'migrations'],
};

const rooms = Object.keys(MAY_IMPORT);
const inRoom = (room) => `^${room}/`;

/** Libraries that only some rooms may know. */
const FENCED = [
  [
    'nest-at-the-edge',
    '@nestjs/',
    ['libs/platform', 'apps/api', 'apps/worker', 'apps/standalone', 'test'],
  ],
  [
    'sql-in-the-catalog',
    '(typeorm|pg)',
    ['libs/catalog', 'libs/jobs', 'migrations', 'apps/standalone', 'test'],
  ],
  ['queue-in-jobs', '(bullmq|ioredis)', ['libs/jobs', 'libs/platform', 'apps/worker', 'test']],
  ['minio-only-in-s3', 'minio', ['libs/object-store']],
  ['metrics-in-platform', 'prom-client', ['libs/platform', 'test']],
  ['react-in-the-pages', '(react|react-dom|@mantine|@tanstack|vite|@vitejs)/', ['apps/web']],
  ['sign-in-libraries-in-platform', '(@simplewebauthn/server|openid-client)', ['libs/platform']],
  ['validation-at-the-edge', 'class-(validator|transformer)', ['apps/api', 'libs/platform']],
];

module.exports = {
  forbidden: [
    ...Object.entries(MAY_IMPORT).map(([room, allowed]) => ({
      name: `layers: ${room}`,
      severity: 'error',
      from: { path: inRoom(room) },
      to: { path: '^(apps|libs|migrations|test)/', pathNot: [room, ...allowed].map(inRoom) },
    })),
    ...FENCED.map(([name, library, allowed]) => ({
      name,
      severity: 'error',
      from: { path: '^(apps|libs|migrations|test)/', pathNot: allowed.map(inRoom) },
      to: { path: `node_modules/${library}` },
    })),
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unlisted-room',
      severity: 'error',
      from: { path: '^(apps|libs)/[^/]+/', pathNot: rooms.map(inRoom) },
      to: {},
    },
    {
      name: 'testkit-only-in-tests',
      severity: 'error',
      from: { pathNot: ['^test/', '^libs/testkit/', '\\.spec\\.(ts|js|d\\.ts)$'] },
      to: { path: '^libs/testkit/' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    exclude: { path: 'dist/.*\\.(d\\.ts|map)$' },
    doNotFollow: { path: ['node_modules', 'dist/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
