import { ArchiveError } from '@rootcellar/model';
import { errorCode } from '../small-file.js';

/** What a failed `listen()` of the service means for the user: PORT_TAKEN, CONFIG_INVALID, else INTERNAL. @param settings how the names of host and port begin */
export function describeListenError(
  error: unknown,
  host: string,
  port: number,
  settings = 'ROOTCELLAR',
): ArchiveError {
  const code = errorCode(error) ?? '';
  const options = { cause: error, details: { host, port, reason: code } };
  switch (code) {
    case 'EADDRINUSE':
      return new ArchiveError(
        'PORT_TAKEN',
        `Another program listens on port ${port} of ${host}, perhaps a Rootcellar that runs already. Nothing was changed.`,
        {
          ...options,
          hint: `Stop that program, or choose another port: ${settings}_PORT=${other(port)}`,
        },
      );
    case 'EACCES':
      return new ArchiveError(
        'CONFIG_INVALID',
        `This user may not listen on port ${port} of ${host}. Nothing was changed.`,
        { ...options, hint: `Choose a port above 1023: ${settings}_PORT=4470` },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ArchiveError(
        'CONFIG_INVALID',
        `${settings}_HOST=${host} is no address of this computer. Nothing was changed.`,
        {
          ...options,
          hint: 'Use 127.0.0.1 for this computer only, 0.0.0.0 for the whole network.',
        },
      );
    default:
      return new ArchiveError(
        'INTERNAL',
        `The service cannot listen on port ${port} of ${host}. Nothing was changed.`,
        options,
      );
  }
}

function other(port: number): number {
  return port < 65_535 ? port + 1 : port - 1;
}
