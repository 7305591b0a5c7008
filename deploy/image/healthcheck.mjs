// Exit code 0 when the process beside us can do its work, as its monitoring port says; `--wait N` gives it N seconds to get there.
// For HEALTHCHECK of the image and ExecStartPost of the systemd units. Needs nothing but Node.
import { setTimeout as sleep } from 'node:timers/promises';

const ANSWER_MS = 5000;
const AGAIN_MS = 250;

const { ROOTCELLAR_MONITORING_HOST: host = '127.0.0.1', ROOTCELLAR_MONITORING_PORT: port } =
  process.env;
const url = `http://${reachable(host)}:${port}/health/ready`;
const until = performance.now() + seconds(process.argv.slice(2)) * 1000;

let said = await ask();
while (said !== undefined && performance.now() < until) {
  await sleep(AGAIN_MS);
  said = await ask();
}
if (said !== undefined) {
  console.error(said);
  process.exitCode = 1;
}

/** What is wrong; undefined when nothing is. */
async function ask() {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
    const text = await answer.text();
    return answer.ok ? undefined : `${answer.status} ${text}`;
  } catch (error) {
    return `${url}: ${error.cause?.code ?? error.message}`;
  }
}

/** One listens on "every address", but asks one. */
function reachable(address) {
  if (address === '0.0.0.0') return '127.0.0.1';
  if (address === '::') return '[::1]';
  return address.includes(':') ? `[${address}]` : address;
}

function seconds([flag, value]) {
  return flag === '--wait' ? Number(value) : 0;
}
