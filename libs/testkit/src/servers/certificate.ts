import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A certificate for loopback and the key it belongs to, signed by an authority nobody knows. */
export interface PrivateCertificate {
  readonly certificateFile: string;
  readonly keyFile: string;
  /** The authority's certificate, PEM. */
  readonly ca: string;
}

/** A domain of which names stand in the certificate; `.test` is nobody's (RFC 6761). */
export const TEST_DOMAIN = 's3.rootcellar.test';

/** Makes an authority and one certificate of it, for loopback and the test domain, with openssl. Valid for two days. */
export async function makeCertificate(folder: string): Promise<PrivateCertificate> {
  const at = (name: string): string => join(folder, name);
  const openssl = async (...words: string[]): Promise<void> => {
    await run('openssl', words, { cwd: folder });
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await openssl(
    ...['req', '-x509', ...key, '-days', '2', '-subj', '/CN=Rootcellar tests'],
    ...['-addext', 'basicConstraints=critical,CA:TRUE', '-keyout', 'ca.key', '-out', 'ca.pem'],
  );
  await openssl(
    ...['req', '-x509', '-CA', 'ca.pem', '-CAkey', 'ca.key', ...key, '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', 'basicConstraints=critical,CA:FALSE'],
    ...[
      '-addext',
      `subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:${TEST_DOMAIN},DNS:*.${TEST_DOMAIN}`,
    ],
    ...['-keyout', 'server.key', '-out', 'server.pem'],
  );
  return {
    certificateFile: at('server.pem'),
    keyFile: at('server.key'),
    ca: await readFile(at('ca.pem'), 'utf8'),
  };
}
