import { parseArgs } from 'node:util';
import { wholeNumber } from '../options.js';
import { OUTAGES } from './outages.js';
import type { Outage } from './outages.js';

export interface ClusterOptions {
  readonly help: boolean;
  /** One process with everything in a folder instead, undisturbed: what to compare with. */
  readonly single: boolean;
  /** Of the first backups of all devices together. */
  readonly mib: number;
  readonly agents: number;
  /** Backups of each device at least. */
  readonly rounds: number;
  /** Seconds between kills; 0 kills nobody. */
  readonly killEvery: number;
  /** Strikes at least, also when the pushes are done before. */
  readonly killsMin: number;
  readonly collects: boolean;
  readonly outages: readonly Outage[];
  readonly outageSeconds: number;
  readonly seed: number;
  readonly json: string | undefined;
}

export const CLUSTER_USAGE = `npm run chaos -- --cluster [options]

Two api and two worker processes behind a balancer, with a PostgreSQL, Redis and Ceph RGW of their own. Devices push backups that share
content, forget some, and collection is asked for again and again, while one api and one worker are killed (kill -9) and started again.
Then each outage in the middle of pushes, with the time until all is well. In the end everything that was acknowledged is restored and
compared, the vault is scrubbed, and nothing may be left over. Ends with 0 when all of it is so.

  --mib N            first backups of all devices together (64)
  --agents N         devices, one agent process each (8)
  --rounds N         backups of each device at least (2)
  --kill-every N     seconds between kills (10; 0 for none)
  --no-collect       asks for no collection meanwhile
  --outages LIST     of ${OUTAGES.join(',')} (all); none
  --outage-seconds N how long Redis (when killed) and S3 are away (60)
  --seed N           what is pushed and who dies (1); the very instant is up to the machine
  --single           one process, everything in one folder, nothing killed: the figures to compare with
  --json FILE        writes the figures
`;

/** @throws Error whose message is for the user */
export function parseClusterOptions(args: readonly string[]): ClusterOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cluster: { type: 'boolean' },
      help: { type: 'boolean', default: false },
      single: { type: 'boolean', default: false },
      mib: { type: 'string', default: '64' },
      agents: { type: 'string', default: '8' },
      rounds: { type: 'string', default: '2' },
      'kill-every': { type: 'string', default: '10' },
      'no-collect': { type: 'boolean', default: false },
      outages: { type: 'string', default: OUTAGES.join(',') },
      'outage-seconds': { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
      json: { type: 'string' },
    },
  });
  return {
    ...{ help: values.help, single: values.single, json: values.json, killsMin: 0 },
    mib: wholeNumber('mib', values.mib),
    agents: wholeNumber('agents', values.agents),
    rounds: wholeNumber('rounds', values.rounds),
    killEvery: wholeNumber('kill-every', values['kill-every'], 0),
    collects: !values['no-collect'],
    outages: outagesOf(values.outages),
    outageSeconds: wholeNumber('outage-seconds', values['outage-seconds']),
    seed: wholeNumber('seed', values.seed),
  };
}

function outagesOf(text: string): Outage[] {
  if (text === 'none') return [];
  return text.split(',').map((name) => {
    const outage = OUTAGES.find((known) => known === name);
    if (outage !== undefined) return outage;
    throw new Error(`--outages takes some of ${OUTAGES.join(',')}, not "${name}".`);
  });
}
