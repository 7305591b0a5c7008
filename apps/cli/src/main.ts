import { DEVICE_LINKS } from '@rootcellar/device-link';
import { systemClock } from '@rootcellar/model';
import { EXIT } from './exit-code.js';
import { runProgram } from './program.js';

const interrupt = new AbortController();
let interrupts = 0;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    interrupts += 1;
    interrupt.abort();
    // Somebody who presses Ctrl-C again does not want to wait.
    if (interrupts > 2) process.exit(EXIT.interrupted);
  });
}
// A reader that goes away (`| head`) ends the command quietly.
process.stdout.on('error', () => process.exit(EXIT.ok));

const { stdin, stdout, stderr, env, platform } = process;
try {
  process.exitCode = await runProgram(
    {
      ...{ stdin, stdout, stderr, env, platform, clock: systemClock, signal: interrupt.signal },
      deviceLinks: DEVICE_LINKS,
    },
    process.argv.slice(2),
  );
} catch (error) {
  console.error(
    'rootcellar: a fault in the program; nothing that was stored before is touched. Please report this:',
  );
  console.error(error);
  process.exitCode = EXIT.failed;
}
