import { parseArgs } from 'node:util';
import { startCephRgw } from '@rootcellar/testkit';
import { rehearse } from './rehearse.js';

// `npm run rehearse [-- --mib N --rounds N]`: the compose file's processes on this machine, with an S3 server of its own.
const { values } = parseArgs({
  options: {
    mib: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '3' },
  },
});
await using s3 = await startCephRgw();
console.log(`Object store: ${s3.version}`);
const report = await rehearse({
  ...{ s3, mib: Number(values.mib), rounds: Number(values.rounds) },
  log: (line) => console.log(line),
});
console.log(JSON.stringify(report, undefined, 2));
