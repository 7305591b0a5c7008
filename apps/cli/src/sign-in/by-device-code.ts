import { setTimeout as sleep } from 'node:timers/promises';
import { ArchiveError, isArchiveError } from '@rootcellar/model';
import type { Schemas } from '@rootcellar/client';
import type { Context } from '../context.js';
import { interrupted } from '../service-error.js';
import { formatDuration } from '../terminal/format-duration.js';

type Asked = Schemas['AskedForApprovalDto'];

/** RFC 8628, 3.5 */
const SLOWER_SECONDS = 5;

/**
 * Signs in without a password: says an address and a code, and waits until somebody who is signed in decides there.
 * @returns the token
 * @throws ArchiveError DEVICE_CODE_EXPIRED, DEVICE_CODE_DENIED, INTERRUPTED, SERVER_UNREACHABLE
 */
export async function signInByDeviceCode(context: Context, server: string): Promise<string> {
  const { clock, signal } = context.world;
  const service = context.connect(server, { work: 'long' });
  const body = { clientName: context.computerName };
  const asked = await service.call(async (api) =>
    api.POST('/api/v1/device-codes', { body, signal }),
  );
  tell(context, asked);
  const endsAt = clock.monotonicMs() + asked.expiresIn * 1000;
  const { deviceCode } = asked;
  for (let { interval } = asked; clock.monotonicMs() < endsAt;) {
    await sleep(interval * 1000, undefined, { signal }).catch(() => {
      throw interrupted();
    });
    try {
      const { token } = await service.call(async (api) =>
        api.POST('/api/v1/device-codes/token', { body: { deviceCode }, signal }),
      );
      if (token !== null) return token;
    } catch (error) {
      if (isArchiveError(error, 'SLOW_DOWN')) interval += SLOWER_SECONDS;
      else if (!isArchiveError(error, 'AUTHORIZATION_PENDING')) throw error;
    }
  }
  throw new ArchiveError('DEVICE_CODE_EXPIRED', 'Nobody approved this sign-in in time.', {
    hint: 'Run `rootcellar login` again, or sign in with `--email <address>`.',
  });
}

/** On standard error, also with `--quiet`: without it the command would wait for nobody. */
function tell(context: Context, { userCode, verificationUriComplete, expiresIn }: Asked): void {
  context.output.error(
    [
      'To sign this computer in, open',
      `  ${verificationUriComplete}`,
      `in a browser, and see that it shows the code ${userCode}.`,
      `A terminal that is signed in does it too: rootcellar approve ${userCode}`,
      `Waiting for ${formatDuration(expiresIn)}; Ctrl-C ends it. With a password instead: rootcellar login --email <address>`,
    ].join('\n'),
  );
}
