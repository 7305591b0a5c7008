// A program of its own: an OpenID Connect provider that signs in whomever the browser's cookie `person` names, without asking.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Provider } from 'oidc-provider';

interface Settings {
  readonly port: number;
  readonly redirectUri: string;
  /** JSON: claims by subject. Read anew for each sign-in. */
  readonly peopleFile: string;
}

const settings = JSON.parse(process.argv[2] ?? '') as Settings;
const issuer = `http://localhost:${settings.port}`;

type Claims = Readonly<Record<string, string | boolean | readonly string[]>>;
const people = (): Readonly<Record<string, Claims>> =>
  JSON.parse(readFileSync(settings.peopleFile, 'utf8')) as Record<string, Claims>;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'rootcellar',
      client_secret: 'a secret of the provider',
      redirect_uris: [settings.redirectUri],
    },
  ],
  scopes: ['openid', 'email', 'profile', 'groups'],
  claims: {
    ...{ openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    groups: ['groups'],
  },
  cookies: { keys: ['a key for tests'] },
  features: { devInteractions: { enabled: false } },
  findAccount: (_context: unknown, id: string) => ({
    accountId: id,
    claims: () => ({ sub: id, ...people()[id] }),
  }),
});

async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const accountId = /person=(\w+)/.exec(request.headers.cookie ?? '')?.[1] ?? 'nobody';
  const grant = new provider.Grant({ accountId, clientId: 'rootcellar' });
  grant.addOIDCScope('openid email profile groups');
  const grantId = await grant.save();
  const result = { login: { accountId }, consent: { grantId } };
  await provider.interactionFinished(request, response, result);
}

const answer = provider.callback();
createServer((request, response) => {
  if (request.url?.startsWith('/interaction/') === true) void interact(request, response);
  else void answer(request, response);
}).listen(settings.port, '127.0.0.1', () => process.stdout.write(`ready at ${issuer}\n`));
process.on('disconnect', () => process.exit());
