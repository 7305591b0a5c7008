import { adminOnly, all, byRole, elsewhere, notLimited, on, open, operatorOnly } from './row.js';
import type { ByRole, Expected, Row } from './row.js';
import { APP, UNKNOWN } from './things.js';
import type { Relation } from './things.js';

/** The same for what is another's, elsewhere, and nowhere. */
const HIDDEN = { other: 404, foreign: 404, unknown: 404 } as const;
/** Own things are their owner's; an administrator also acts on others' snapshots by id, and reads nothing by it. Bob pushed what is `wide`. */
const KEEPING_SNAPSHOT = {
  ...{ own: 200, shared: { admin: 200, member: 404, limited: 404 } },
  wide: { admin: 200, member: 200, limited: 404 },
  ...{ ...HIDDEN, other: { admin: 200, member: 404, limited: 404 } },
} as const;
/** Ada added what is `wide`; the others are private, and no administrator hears of them. */
const KEEPING_PACKAGE = {
  ...{ own: 200, shared: 404, wide: { admin: 200, member: 404, limited: 404 } },
  ...HIDDEN,
} as const;
const FORGETTING = (keeping: Partial<Record<Relation, Expected | ByRole>>): typeof keeping =>
  Object.fromEntries(
    Object.entries(keeping).map(([relation, expected]) => [
      relation,
      { ...(typeof expected === 'object' ? expected : all(expected)), limited: 403 },
    ]),
  );
const IN_THE_BIN_ALREADY_NOT = { own: 404, wide: 404, shared: 404, ...HIDDEN } as const;
const SAID_OF_APP = {
  ...{ own: notLimited(200), wide: notLimited(200), other: notLimited(404) },
  ...{ foreign: notLimited(404), unknown: notLimited(404) },
};
const NO_POLICY = { policy: { versions: { last: 1, onDevices: true }, snapshots: { last: 1 } } };

const STEP = {
  ...{ id: UNKNOWN, runner: UNKNOWN, computer: 'a computer' },
  ...{ step: 'fresh-backup', outcome: 'started' },
};

export const ROWS: Readonly<Record<string, Row>> = {
  'GET /health/live': open(),
  'GET /health/ready': open(),
  'POST /api/v1/setup': open(),
  'DELETE /api/v1/sessions/current': elsewhere('doors.spec'),
  'GET /api/v1/me': byRole(200),

  'GET /api/v1/sign-in-methods': open(),
  'POST /api/v1/sessions': open(),
  'POST /api/v1/sessions/second-factor': open(),
  'POST /api/v1/sessions/passkey/options': open(),
  'POST /api/v1/sessions/passkey': open(),
  'GET /api/v1/sessions': byRole(200),
  // Tokens are no sessions of theirs either.
  'DELETE /api/v1/sessions/{id}': on('token', { ...HIDDEN }),
  'PUT /api/v1/me/password': elsewhere('browser-sessions.spec'),
  'GET /api/v1/me/second-factors': byRole(200),
  'POST /api/v1/me/totp': elsewhere('second-factor.spec'),
  'POST /api/v1/me/totp/confirm': elsewhere('second-factor.spec'),
  'DELETE /api/v1/me/totp': elsewhere('second-factor.spec'),
  'POST /api/v1/me/recovery-codes': elsewhere('second-factor.spec'),
  'POST /api/v1/me/passkeys/options': elsewhere('passkeys.spec'),
  'POST /api/v1/me/passkeys': elsewhere('passkeys.spec'),
  'DELETE /api/v1/me/passkeys/{id}': byRole(404),

  'GET /api/v1/members': byRole(200),
  'PATCH /api/v1/members/{id}': on(
    'member',
    {
      ...{ own: 204, other: adminOnly(204), foreign: adminOnly(404), unknown: adminOnly(404) },
    },
    { body: {} },
  ),
  'POST /api/v1/members/me/leave': byRole(notLimited('reached'), {
    body: { data: 'bin', dryRun: true },
    vault: true,
  }),
  'POST /api/v1/members/{id}/remove': on(
    'member',
    {
      ...{ own: adminOnly('reached'), other: adminOnly('reached') },
      ...{ foreign: adminOnly(404), unknown: adminOnly(404) },
    },
    { body: { data: 'bin', dryRun: true } },
  ),
  'POST /api/v1/invitations': byRole(adminOnly(201), { body: { role: 'member' } }),
  'GET /api/v1/invitations': byRole(adminOnly(200)),
  'DELETE /api/v1/invitations/{id}': on('invitation', {
    ...{ own: adminOnly(204), foreign: adminOnly(404), unknown: adminOnly(404) },
  }),
  'POST /api/v1/invitations/look': open(),
  'POST /api/v1/invitations/accept': open(),
  'POST /api/v1/invitations/join': byRole(404, { body: { token: 'none' } }),
  'POST /api/v1/tokens': byRole(201, { body: { name: 'a token', scope: 'restore' } }),
  'GET /api/v1/tokens': byRole(200),
  'DELETE /api/v1/tokens/{id}': on('token', {
    ...{ own: 204, other: { admin: 204, member: 404, limited: 404 }, foreign: 404, unknown: 404 },
  }),
  'POST /api/v1/device-codes': open(),
  'POST /api/v1/device-codes/token': open(),
  'POST /api/v1/device-codes/look': byRole(404, { body: { userCode: 'BCDF-GHJK' } }),
  'POST /api/v1/device-codes/decide': byRole(404, {
    body: { userCode: 'BCDF-GHJK', approve: false },
  }),
  'POST /api/v1/households': byRole(operatorOnly(201), {
    body: { name: 'Another', timeZone: 'UTC' },
  }),
  'GET /api/v1/households': byRole(operatorOnly(200)),
  'PUT /api/v1/households/{id}/quota': byRole(operatorOnly(404), { body: { bytes: null } }),
  'GET /api/v1/household': byRole(200),
  'PUT /api/v1/household': byRole(adminOnly(204), { body: { dedup: 'household' } }),
  'PUT /api/v1/members/{id}/quota': on(
    'member',
    {
      ...{ own: adminOnly(204), other: adminOnly(204) },
      ...{ foreign: adminOnly(404), unknown: adminOnly(404) },
    },
    { body: { bytes: null } },
  ),
  'GET /api/v1/accounts': byRole(operatorOnly(200)),
  'PUT /api/v1/sessions/current/household': byRole(404, { body: { householdId: UNKNOWN } }),

  'GET /api/v1/devices': byRole(200),
  'GET /api/v1/device-health': byRole(adminOnly(200), { lets: ['device'] }),
  'GET /api/v1/devices/{device}': on('device', { own: 200, wide: 200, ...HIDDEN }),
  'PATCH /api/v1/devices/{device}': on(
    'device',
    {
      own: 200,
      wide: notLimited(200),
      ...HIDDEN,
      other: { admin: 403, member: 404, limited: 404 },
    },
    { body: { pushableBy: [] } },
  ),

  'GET /api/v1/snapshots': byRole(200),
  'GET /api/v1/snapshots/{id}': on('snapshot', {
    ...{ own: 200, wide: 200, shared: 200, part: 200 },
    ...HIDDEN,
  }),
  'GET /api/v1/snapshots/{id}/files': on('snapshot', {
    ...{ own: 200, wide: 200, shared: 200, part: 200 },
    ...HIDDEN,
  }),
  'GET /api/v1/snapshots/{id}/coverage': on('snapshot', {
    ...{ own: 200, wide: 200, shared: 200, part: 200 },
    ...HIDDEN,
  }),
  'GET /api/v1/snapshots/{id}/stream': on('snapshot', {
    ...{ own: 200, wide: 200, shared: 200, part: 403 },
    ...HIDDEN,
  }),
  'POST /api/v1/snapshots/{id}/pin': on('snapshot', KEEPING_SNAPSHOT),
  'POST /api/v1/snapshots/{id}/unpin': on('snapshot', KEEPING_SNAPSHOT),
  'POST /api/v1/snapshots/{id}/forget': on('snapshot', FORGETTING(KEEPING_SNAPSHOT), {
    body: { dryRun: true },
    lets: ['device', 'id'],
  }),
  'POST /api/v1/snapshots/{id}/undo': on('snapshot', IN_THE_BIN_ALREADY_NOT),

  'POST /api/v1/uploads': byRole('reached', {
    body: { kind: 'artifact', sha256: 'f'.repeat(64), size: 1, fileName: 'a.ipa' },
    vault: true,
  }),
  'POST /api/v1/uploads/{id}/have': on(
    'upload',
    { own: 200, ...HIDDEN },
    { bytes: Buffer.alloc(32) },
  ),
  'POST /api/v1/uploads/{id}/chunks': on('upload', { own: 'reached', ...HIDDEN }),
  'POST /api/v1/uploads/{id}/commit': on('upload', { own: 'reached', ...HIDDEN }),
  'DELETE /api/v1/uploads/{id}': on('upload', { own: 204, ...HIDDEN }),

  'GET /api/v1/apps': byRole(200),
  'GET /api/v1/apps/{bundleId}/versions': on('app', {
    // A list of nothing, whoever keeps that app and whether anybody does.
    ...{ own: 200, wide: 200, shared: 200, other: 200, foreign: 200, unknown: 200 },
  }),
  'PUT /api/v1/apps/{bundleId}/subscription': on('app', SAID_OF_APP, { body: { from: null } }),
  'GET /api/v1/apps/{bundleId}/timeline': on('app', {
    own: 200,
    wide: 200,
    shared: 200,
    ...HIDDEN,
  }),
  'GET /api/v1/gaps': byRole(200),
  'PUT /api/v1/apps/{bundleId}/link': on('app', SAID_OF_APP, { body: { to: null } }),
  'GET /api/v1/artifacts/{id}/content': on('artifact', {
    ...{ own: 200, wide: 200, shared: 200 },
    ...HIDDEN,
  }),
  'GET /api/v1/apps/{bundleId}/signals': on('app', {
    ...{ own: 200, wide: 200, shared: 200, other: 404, foreign: 404, unknown: 404 },
  }),
  // Against itself, so that who may read one may read both.
  'GET /api/v1/artifacts/{id}/diff/{other}': on(
    'artifact',
    { own: 'reached', wide: 'reached', shared: 'reached', ...HIDDEN },
    { vault: true },
  ),
  'GET /api/v1/artifacts/{id}/installability': on('artifact', {
    ...{ own: 200, wide: 200, shared: 200 },
    ...HIDDEN,
  }),
  'PUT /api/v1/artifacts/{id}/private': on(
    'artifact',
    { own: 200, shared: 404, ...HIDDEN },
    { body: { private: true } },
  ),
  'POST /api/v1/artifacts/{id}/pin': on('artifact', KEEPING_PACKAGE),
  'POST /api/v1/artifacts/{id}/unpin': on('artifact', KEEPING_PACKAGE),
  'POST /api/v1/artifacts/{id}/forget': on('artifact', FORGETTING(KEEPING_PACKAGE), {
    body: { dryRun: true },
  }),
  'POST /api/v1/artifacts/{id}/undo': on('artifact', IN_THE_BIN_ALREADY_NOT),

  'POST /api/v1/shares': byRole(404, {
    body: (world, person) => ({
      rootId: world.object('snapshot', person, 'foreign'),
      withMemberId: world.members.eve,
      until: new Date(Date.now() + 3_600_000).toISOString(),
      bundleId: APP,
    }),
  }),
  'GET /api/v1/shares': byRole(200, {}),
  'DELETE /api/v1/shares/{id}': on('share', {
    shared: 204,
    other: 404,
    foreign: 404,
    unknown: 404,
  }),

  'POST /api/v1/rollback-plans': byRole(404, {
    body: (world, person) => ({
      ...{ bundleId: APP, deviceId: world.object('device', person, 'foreign') },
    }),
  }),
  'GET /api/v1/rollback-plans': byRole(200),
  'GET /api/v1/rollback-plans/{id}': on('rollback-plan', { own: 200, ...HIDDEN }),
  // Its device has a newer backup: it has expired.
  'GET /api/v1/rollback-plans/{id}/store-files': on('rollback-plan', { own: 409, ...HIDDEN }),
  'GET /api/v1/holds': byRole(200),
  'POST /api/v1/holds': byRole(404, {
    body: (world, person) => ({
      deviceId: world.object('device', person, 'foreign'),
      ...{ bundleId: APP, version: '1.0' },
    }),
  }),
  'GET /api/v1/alerts': byRole(200, { query: '?dismissed=true' }),
  'POST /api/v1/alerts/{id}/dismiss': on('alert', { own: 204, ...HIDDEN }),
  'DELETE /api/v1/holds/{id}': on('hold', { own: 204, ...HIDDEN }),
  'GET /api/v1/rollback-plans/{id}/steps': on('rollback-plan', { own: 200, ...HIDDEN }),
  'GET /api/v1/rollback-plans/{id}/data': on('rollback-plan', { own: 409, ...HIDDEN }),
  'POST /api/v1/rollback-plans/{id}/steps': on(
    'rollback-plan',
    { own: 409, ...HIDDEN },
    { body: STEP },
  ),

  'GET /api/v1/bin': byRole(200, { lets: ['device', 'id'] }),
  'POST /api/v1/bin/empty': byRole(adminOnly(409), { body: {} }),
  'GET /api/v1/retention': byRole(adminOnly(200), { lets: ['device'] }),
  'PUT /api/v1/retention': byRole(adminOnly(200), {
    body: NO_POLICY.policy,
    lets: ['device'],
  }),
  'POST /api/v1/retention/preview': byRole(adminOnly(200), {
    body: NO_POLICY,
    lets: ['device', 'id'],
  }),
  'POST /api/v1/retention/plans/{id}/apply': byRole(adminOnly(404), { body: {} }),
  'GET /api/v1/storage': byRole(200, { lets: ['device', 'size'] }),
  'GET /api/v1/storage/groups': byRole(200, { query: '?by=artifact' }),
  'POST /api/v1/storage/frees': byRole(404, {
    body: (world, person) => ({ ids: [world.object('snapshot', person, 'foreign')] }),
  }),
  'GET /api/v1/storage/history': byRole(adminOnly(200)),
  'GET /api/v1/audit': byRole(200, { lets: ['device', 'id'] }),
  'GET /api/v1/audit/export': byRole(200, { query: '?format=json', lets: ['device', 'id'] }),
  'GET /api/v1/audit/verify': byRole(adminOnly(200)),
  'GET /api/v1/changes': byRole(200, { endless: true }),

  'POST /api/v1/maintenance/scrub': byRole(adminOnly(202)),
  'POST /api/v1/maintenance/collect': byRole(adminOnly(202), { body: {} }),
  'POST /api/v1/maintenance/retention': byRole(adminOnly(202)),
  'GET /api/v1/maintenance/doctor': byRole(adminOnly(200)),
  'GET /api/v1/jobs': byRole(adminOnly(200)),
  'GET /api/v1/jobs/{id}': on('job', {
    ...{ own: adminOnly(200), foreign: adminOnly(404), unknown: adminOnly(404) },
  }),
  'POST /api/v1/jobs/{id}/cancel': on('job', {
    ...{ own: adminOnly(404), foreign: adminOnly(404), unknown: adminOnly(404) },
  }),
};
