import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeAgent } from '@rootcellar/testkit';
import type { Agent, CommandEnd } from '@rootcellar/testkit';
import { createDice } from '../../bench/corpus/dice.js';
import type { Dice } from '../../bench/corpus/dice.js';
import type { Evidence } from '../evidence.js';
import { sizeOf, takeBackup } from './backups.js';
import type { ClusterLedger } from './cluster-ledger.js';

export interface DeviceOrder {
  readonly room: string;
  readonly url: string;
  readonly number: number;
  readonly seed: number;
  /** Of its first backup, with what it shares. */
  readonly mib: number;
  readonly ledger: ClusterLedger;
}

/** The command's code for "not now: run me again", and how often we do. */
const TRY_AGAIN = 75;
const ATTEMPTS = 60;
const PAUSE_MS = 1000;
/** Of a backup: what every device has. */
const SHARED = 0.3;

/** A computer with one device's backups. */
export class Device {
  readonly agent: Agent;
  readonly #order: DeviceOrder;
  readonly #folder: string;
  readonly #dice: Dice;
  /** Of this device, oldest first. */
  readonly #kept: string[] = [];
  #day = 0;
  #evidence: Evidence = new Map();
  /** Bytes of all backups it pushed, as files. */
  pushedBytes = 0;

  constructor(order: DeviceOrder) {
    const { room, url, number, seed } = order;
    this.#order = order;
    this.#folder = join(room, 'devices', String(number));
    this.#dice = createDice('cluster-device', seed, number);
    this.agent = makeAgent({ home: join(room, 'computers', String(number)), url });
  }

  /** The next day of its backup. */
  async backUp(): Promise<void> {
    const { seed, number, mib } = this.#order;
    this.#day += 1;
    const sharedMib = mib * SHARED;
    this.#evidence = await takeBackup({
      folder: this.#folder,
      make: {
        ...{ seed: seed * 1000 + number, day: this.#day },
        ...{ sizeMib: mib - sharedMib, sharedMib, sharedSeed: seed },
      },
    });
  }

  /** Pushes until it is acknowledged; afterwards sometimes forgets an older one. */
  async push(): Promise<void> {
    const { ledger, number } = this.#order;
    const evidence = this.#evidence;
    const end = await this.#persist('push', ['push', this.#folder], () =>
      ledger.unheard.push(evidence),
    );
    if (end === undefined) return;
    const { snapshotId, complete } = end.json();
    if (!complete) ledger.faults.push(`snapshot ${snapshotId} is not complete`);
    ledger.snapshots.set(snapshotId, evidence);
    ledger.pushes += 1;
    this.pushedBytes += sizeOf(evidence);
    if (!this.#kept.includes(snapshotId)) this.#kept.push(snapshotId);
    // Every other device's first one goes, so that there is something to collect.
    if (this.#kept.length > 1 && (this.#kept.length > 3 || (number + this.#day) % 2 === 0)) {
      await this.#forget(this.#dice.int(0, this.#kept.length - 2));
    }
  }

  async #forget(at: number): Promise<void> {
    const { ledger } = this.#order;
    const [id = ''] = this.#kept.splice(at, 1);
    ledger.doubtful.add(id);
    const args = ['snapshot', 'forget', id, '--confirm', 'Test'];
    if ((await this.#persist('forget', args, () => undefined)) !== undefined) {
      ledger.doubtful.delete(id);
      ledger.forgotten.add(id);
    }
  }

  async #persist(
    name: string,
    args: readonly string[],
    again: () => void,
  ): Promise<CommandEnd | undefined> {
    const { ledger, number } = this.#order;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const end = await this.agent.run(...args);
      if (end.code === 0) return end;
      again();
      noteEnd(ledger, `${name} of device ${number}`, name, end);
      if (end.code !== TRY_AGAIN) return undefined;
      await sleep(PAUSE_MS);
    }
    ledger.faults.push(`${name} of device ${number} did not get through in ${ATTEMPTS} starts`);
    return undefined;
  }
}

/** A command that is to be run again counts; any other end but 0 is a fault. */
export function noteEnd(ledger: ClusterLedger, who: string, what: string, end: CommandEnd): void {
  if (end.code !== TRY_AGAIN) {
    ledger.faults.push(`${who} ended with ${String(end.code)}: ${end.stdout}${end.stderr}`);
    return;
  }
  const { error } = JSON.parse(end.stdout === '' ? '{}' : end.stdout) as {
    error?: { code: string };
  };
  const key = `${what}: ${error?.code ?? end.stderr.trim()}`;
  ledger.again.set(key, (ledger.again.get(key) ?? 0) + 1);
}
