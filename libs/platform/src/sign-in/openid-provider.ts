import type { Identity, IdentityProvider, ProviderChecks } from '@rootcellar/archive';
import { ArchiveError } from '@rootcellar/model';
import * as openid from 'openid-client';

export interface OpenIdSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly name: string;
  readonly groupsClaim: string;
}

/** In addresses; one provider is all there is. */
const ID = 'oidc';
const TIMEOUT_S = 10;
const GROUPS_MAX = 1000;
const TEXT_MAX = 254;

/** OpenID Connect: code flow with PKCE, state and nonce. The provider is asked for its settings when it is first needed. */
export function openIdProvider(settings: OpenIdSettings): IdentityProvider {
  const configuration = discovered(settings);
  return {
    id: ID,
    name: settings.name,
    begin: async (redirectUri) =>
      orFailed(async () => {
        const config = await configuration();
        const checks = {
          state: openid.randomState(),
          nonce: openid.randomNonce(),
          verifier: openid.randomPKCECodeVerifier(),
        };
        const url = openid.buildAuthorizationUrl(config, {
          redirect_uri: redirectUri,
          scope: scopeOf(config, settings.groupsClaim),
          state: checks.state,
          nonce: checks.nonce,
          code_challenge: await openid.calculatePKCECodeChallenge(checks.verifier),
          code_challenge_method: 'S256',
        });
        return { url: url.href, checks };
      }),
    finish: async (callback, checks) =>
      orFailed(async () => identify(await configuration(), { callback, checks, settings })),
  };
}

/** Found out once; a failure is forgotten, so that the next one tries again. */
function discovered(settings: OpenIdSettings): () => Promise<openid.Configuration> {
  const issuer = new URL(settings.issuer);
  let found: Promise<openid.Configuration> | undefined;
  return async () => {
    found ??= openid.discovery(
      issuer,
      settings.clientId,
      undefined,
      settings.clientSecret === undefined
        ? openid.None()
        : openid.ClientSecretBasic(settings.clientSecret),
      {
        timeout: TIMEOUT_S,
        // The settings allow it on this computer alone.
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- it is only marked so that nobody takes it by mistake
        execute: issuer.protocol === 'http:' ? [openid.allowInsecureRequests] : [],
      },
    );
    try {
      return await found;
    } catch (error) {
      found = undefined;
      throw error;
    }
  };
}

function scopeOf(config: openid.Configuration, groupsClaim: string): string {
  const known = config.serverMetadata().scopes_supported ?? [];
  return ['openid', 'email', 'profile', ...(known.includes(groupsClaim) ? [groupsClaim] : [])].join(
    ' ',
  );
}

/** The library checks state, nonce, issuer, audience, time and signature. */
async function identify(
  config: openid.Configuration,
  asked: {
    readonly callback: URL;
    readonly checks: ProviderChecks;
    readonly settings: OpenIdSettings;
  },
): Promise<Identity> {
  const { callback, checks, settings } = asked;
  const tokens = await openid.authorizationCodeGrant(config, callback, {
    expectedState: checks.state,
    expectedNonce: checks.nonce,
    pkceCodeVerifier: checks.verifier,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined) throw new Error('no ID token');
  const info =
    config.serverMetadata().userinfo_endpoint === undefined
      ? {}
      : await openid.fetchUserInfo(config, tokens.access_token, claims.sub);
  const all: Readonly<Record<string, unknown>> = { ...info, ...claims };
  return {
    issuer: claims.iss,
    subject: claims.sub,
    name: textIn(all['name']),
    email: textIn(all['email']),
    emailVerified: all['email_verified'] === true,
    groups: groupsIn(all[settings.groupsClaim]),
  };
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= TEXT_MAX ? value : undefined;
}

function groupsIn(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.slice(0, GROUPS_MAX).filter((each) => typeof each === 'string');
}

/** Whatever is wrong with the answer of another server, or with what a browser brings from it. */
async function orFailed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new ArchiveError(
      'PROVIDER_FAILED',
      'The sign-in provider did not answer, or its answer does not prove what it must. Nobody was signed in.',
      { cause, hint: 'Try again; if it stays so, the log of the service says more.' },
    );
  }
}
