import { parseArgs } from 'node:util';
import { startCephRgw } from '@rootcellar/testkit';
import { rehearse } from './rehearse.js';

// `npm run rehearse [-- --mib N]`: the compose file's processes on this machine, with an S3 server of its own.
const { values } = parseArgs({ options: { mib: { type: 'string', default: '64' } } });
await using s3 = await startCephRgw();
console.log(`Object store: ${s3.version}`);
const report = await rehearse({ s3, mib: Number(values.mib), log: (line) => console.log(line) });
console.log(JSON.stringify(report, undefined, 2));
