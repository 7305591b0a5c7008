import { createHash } from 'node:crypto';
import type { Dice } from './dice.js';
import { prose } from './prose.js';

/** A program of many functions that call each other, linked anew for each release. */
export interface Program {
  /** Replaces and adds functions: `share` of them. */
  edit(dice: Dice, share: number): void;
  /** The file: header, code, strings, hashes of the pages as a signature has them. */
  link(): Buffer;
}

interface CodeFunction {
  /** Four-byte instructions; the call words are filled in by `link`. */
  readonly code: Buffer;
  readonly calls: readonly { readonly at: number; readonly target: number }[];
}

export const CODE_START = 0x4000;

const INSTRUCTIONS = 3000;
const TABLE_SIZE = 1 << 16;
/** `BL`: the low 26 bits hold the distance in words, so one function more moves nearly every call. */
const CALL = 0x94000000;
const MACH_O_HEAD = [0xfeedfacf, 0x0100000c, 0, 2, 20, 2400, 0x85, 0];
const PAGE = 4096;
const BYTES_PER_STRING = 400;

export function createProgram(dice: Dice, size: number): Program {
  const draw = instructionSet(dice);
  const functions: CodeFunction[] = [];
  for (let bytes = 0; bytes < size; bytes += functions.at(-1)?.code.length ?? size) {
    functions.push(createFunction(dice, draw, functions.length));
  }
  const strings = Array.from({ length: Math.floor(size / BYTES_PER_STRING) }, () =>
    prose(dice, 30),
  );

  return {
    edit(editDice, share) {
      for (let count = Math.max(1, Math.floor(functions.length * share)); count > 0; count -= 1) {
        const at = editDice.int(0, functions.length - 1);
        const replaced = editDice.chance(0.25) ? 0 : 1;
        functions.splice(at, replaced, createFunction(editDice, draw, functions.length));
      }
      strings.push(prose(editDice, 40));
    },
    link: () => link(functions, strings),
  };
}

/** Draws four-byte words, a few of them very often. */
function instructionSet(dice: Dice): (dice: Dice) => Buffer {
  const words = Array.from({ length: INSTRUCTIONS }, () => Buffer.from(dice.bytes(4)));
  const weights = words.map((_, rank) => 1 / (rank + 3));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const table = new Uint16Array(TABLE_SIZE);
  let [rank, bound] = [0, weights[0] ?? 0];
  for (let at = 0; at < TABLE_SIZE; at += 1) {
    while (at / TABLE_SIZE >= bound / total && rank < INSTRUCTIONS - 1) {
      rank += 1;
      bound += weights[rank] ?? 0;
    }
    table[at] = rank;
  }
  const first = words[0] ?? Buffer.alloc(4);
  return (from) => words[table[from.int(0, TABLE_SIZE - 1)] ?? 0] ?? first;
}

function createFunction(dice: Dice, draw: (dice: Dice) => Buffer, known: number): CodeFunction {
  const words: Buffer[] = [];
  const calls: { at: number; target: number }[] = [];
  for (let segments = dice.int(1, 8); segments > 0; segments -= 1) {
    for (let count = dice.int(3, 28); count > 0; count -= 1) words.push(draw(dice));
    calls.push({ at: words.length * 4, target: dice.int(0, Math.max(0, known - 1)) });
    words.push(Buffer.alloc(4));
  }
  return { code: Buffer.concat(words), calls };
}

function link(functions: readonly CodeFunction[], strings: readonly string[]): Buffer {
  let end = CODE_START;
  const addresses = functions.map(({ code }) => {
    const address = end;
    end += code.length;
    return address;
  });
  const image = Buffer.alloc(end);
  MACH_O_HEAD.forEach((word, at) => image.writeUInt32LE(word, at * 4));
  functions.forEach(({ code, calls }, number) => {
    const address = addresses[number] ?? CODE_START;
    code.copy(image, address);
    for (const { at, target } of calls) {
      const to = addresses[target % functions.length] ?? CODE_START;
      const distance = ((to - (address + at)) >> 2) & 0x03ff_ffff;
      image.writeUInt32LE((CALL | distance) >>> 0, address + at);
    }
  });
  const body = Buffer.concat([image, Buffer.from(strings.join('\0'))]);
  return Buffer.concat([body, ...pageHashes(body)]);
}

function pageHashes(body: Buffer): Buffer[] {
  return Array.from({ length: Math.ceil(body.length / PAGE) }, (_, page) =>
    createHash('sha256')
      .update(body.subarray(page * PAGE, (page + 1) * PAGE))
      .digest(),
  );
}
