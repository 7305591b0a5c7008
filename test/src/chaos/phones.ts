import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { deviceOf } from '../bench/corpus/device.js';
import type { Dice } from '../bench/corpus/dice.js';
import { evolveInPlace } from '../bench/evolve-backup.js';
import { generateBackup } from '../bench/generate-backup.js';

export interface Phone {
  readonly number: number;
  readonly udid: string;
  readonly folder: string;
  /** The day its backup folder is at. */
  day: number;
}

/** The family's phones. Each backs up into a folder of its own, day after day. */
export class Phones {
  readonly #room: string;
  readonly #seed: number;
  readonly #sizeMib: number;
  readonly #phones: Phone[] = [];

  constructor(room: string, order: { readonly seed: number; readonly sizeMib: number }) {
    this.#room = room;
    this.#seed = order.seed;
    this.#sizeMib = order.sizeMib;
  }

  /** A new backup: of a new phone, or the next day of one that is there. */
  backUp(dice: Dice): Phone {
    const some = this.#phones[dice.int(0, Math.max(0, this.#phones.length - 1))];
    if (some === undefined || dice.chance(0.25)) return this.#firstBackup();
    some.day += 1;
    evolveInPlace({ folder: some.folder, seed: this.#seedOf(some.number), day: some.day });
    return some;
  }

  #firstBackup(): Phone {
    const number = this.#phones.length + 1;
    const seed = this.#seedOf(number);
    const { udid } = deviceOf(seed);
    const folder = join(this.#room, 'phones', udid);
    mkdirSync(folder, { recursive: true });
    generateBackup({ folder, seed, sizeMib: this.#sizeMib });
    const phone = { number, udid, folder, day: 1 };
    this.#phones.push(phone);
    return phone;
  }

  #seedOf(number: number): number {
    return this.#seed * 1000 + number;
  }
}
