import { ArchiveError } from '@rootcellar/model';
import type { RelyingParty } from '../ports/passkey-ceremonies.js';

/**
 * Whom passkeys are bound to when the service is opened at an address.
 * @param address scheme, host and port
 * @throws ArchiveError PASSKEY_NEEDS_NAME where browsers allow none: at IP addresses, and without TLS but on the computer itself
 */
export function relyingParty(address: string): RelyingParty {
  const { protocol, hostname, port, origin } = new URL(address);
  if (isIpAddress(hostname)) {
    const own = hostname === '[::1]' || hostname.startsWith('127.');
    const at = `http://localhost${port === '' ? '' : `:${port}`}`;
    throw needsName(
      `Passkeys are bound to a name, and ${hostname} is an IP address.`,
      own ? `Open it as ${at}.` : 'Give the service a name with TLS (ROOTCELLAR_PUBLIC_URL).',
    );
  }
  const local = hostname === 'localhost' || hostname.endsWith('.localhost');
  if (protocol !== 'https:' && !local)
    throw needsName(
      'Browsers allow passkeys over https only, but for localhost.',
      'Put TLS in front (docs/deployment.md).',
    );
  return { id: hostname, origin };
}

function needsName(message: string, hint: string): ArchiveError {
  return new ArchiveError('PASSKEY_NEEDS_NAME', message, { hint });
}

/** As `URL` writes hosts: IPv6 in brackets, IPv4 as four numbers whatever form it was given in. */
function isIpAddress(hostname: string): boolean {
  return hostname.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(hostname);
}
