import { isIP } from 'node:net';
import { ArchiveError } from '@rootcellar/model';
import type { EnvDto } from './env.dto.js';
import type { SignInEnvDto } from './sign-in-env.dto.js';

/** A provider as the environment names it; its secret is still in its file. */
export interface ProviderConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecretFile: string | undefined;
  readonly name: string;
  readonly groupsClaim: string;
  readonly groupsFile: string | undefined;
}

/** @returns undefined without one. @throws ArchiveError CONFIG_INVALID */
export function providerConfig(env: SignInEnvDto): ProviderConfig | undefined {
  const { ROOTCELLAR_OIDC_ISSUER: issuer, ROOTCELLAR_OIDC_CLIENT_ID: clientId } = env;
  if (issuer === undefined && clientId === undefined) return undefined;
  if (issuer === undefined || clientId === undefined)
    throw invalid('ROOTCELLAR_OIDC_ISSUER and ROOTCELLAR_OIDC_CLIENT_ID belong together.');
  const { protocol, hostname } = new URL(issuer);
  const loopback = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  if (protocol !== 'https:' && !loopback)
    throw invalid(
      'ROOTCELLAR_OIDC_ISSUER is not https: whoever is on the way could sign in as anybody.',
    );
  return {
    ...{ issuer, clientId, clientSecretFile: env.ROOTCELLAR_OIDC_CLIENT_SECRET_FILE },
    ...{ name: env.ROOTCELLAR_OIDC_NAME, groupsClaim: env.ROOTCELLAR_OIDC_GROUPS_CLAIM },
    groupsFile: env.ROOTCELLAR_OIDC_GROUPS_FILE,
  };
}

const NAMED = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** @returns how many, or which. @throws ArchiveError CONFIG_INVALID */
export function trustedProxies({
  ROOTCELLAR_TRUSTED_PROXIES: text,
}: EnvDto): number | readonly string[] | undefined {
  if (text === undefined) return undefined;
  if (/^\d$/.test(text)) return Number(text);
  const proxies = text.split(',').map((each) => each.trim());
  if (!proxies.every((each) => NAMED.has(each) || isNetwork(each)))
    throw invalid(
      'ROOTCELLAR_TRUSTED_PROXIES is neither a number up to 9 nor a list of addresses and networks.',
    );
  return proxies;
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
  );
}

function invalid(message: string): ArchiveError {
  return new ArchiveError('CONFIG_INVALID', `${message} Nothing was started.`, {
    hint: 'See .env.example for every setting.',
  });
}
