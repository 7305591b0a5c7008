import type { Dice } from '../bench/corpus/dice.js';

/** No mutant is longer: time and memory are bounded by the length of what comes in. */
export const INPUT_MAX_BYTES = 1024 * 1024;

/** Numbers at which parsers go wrong. */
const EDGES = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
];
const MUTATIONS_MAX = 6;

/** Changes an input in one to six places; `other` is a second input that parts are taken from. */
export function mutate(input: Uint8Array, other: Uint8Array, dice: Dice): Buffer {
  let bytes: Buffer = Buffer.from(input);
  for (let left = dice.int(1, MUTATIONS_MAX); left > 0; left -= 1) {
    bytes = dice.pick(MUTATIONS)(bytes, dice, other);
  }
  return bytes.subarray(0, INPUT_MAX_BYTES);
}

type Mutation = (bytes: Buffer, dice: Dice, other: Uint8Array) => Buffer;

const MUTATIONS: readonly [Mutation, ...Mutation[]] = [
  flipBit,
  flipBit,
  setByte,
  setByte,
  setNumber,
  setNumber,
  nudgeNumber,
  cutOff,
  takeOut,
  repeat,
  putIn,
  takeOver,
];

function flipBit(bytes: Buffer, dice: Dice): Buffer {
  const at = placeIn(bytes, dice);
  if (bytes.length > 0) bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << dice.int(0, 7)), at);
  return bytes;
}

function setByte(bytes: Buffer, dice: Dice): Buffer {
  if (bytes.length > 0) bytes.writeUInt8(dice.int(0, 255), placeIn(bytes, dice));
  return bytes;
}

/** A number of one, two, four or eight bytes, in either order. */
function setNumber(bytes: Buffer, dice: Dice): Buffer {
  const width = dice.pick([1, 2, 4, 8]);
  const number = BigInt(dice.pick(EDGES as [number, ...number[]]));
  return writeNumber(bytes, { width, number, at: placeIn(bytes, dice) }, dice);
}

function nudgeNumber(bytes: Buffer, dice: Dice): Buffer {
  const at = placeIn(bytes, dice);
  if (at + 4 > bytes.length) return bytes;
  const number = BigInt((bytes.readUInt32LE(at) + dice.int(-2, 2)) >>> 0);
  return writeNumber(bytes, { width: 4, number, at }, dice);
}

function writeNumber(
  bytes: Buffer,
  { width, number, at }: { readonly width: number; readonly number: bigint; readonly at: number },
  dice: Dice,
): Buffer {
  if (at + width > bytes.length) return bytes;
  const whole = Buffer.alloc(8);
  whole.writeBigUInt64LE(number);
  const low = whole.subarray(0, width);
  bytes.set(dice.chance(0.5) ? low : low.reverse(), at);
  return bytes;
}

function cutOff(bytes: Buffer, dice: Dice): Buffer {
  return bytes.subarray(0, placeIn(bytes, dice));
}

function takeOut(bytes: Buffer, dice: Dice): Buffer {
  const [from, to] = rangeIn(bytes, dice);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
}

function repeat(bytes: Buffer, dice: Dice): Buffer {
  const [from, to] = rangeIn(bytes, dice);
  const times = dice.chance(0.1) ? dice.int(2, 200) : 2;
  const room = Math.max(0, INPUT_MAX_BYTES - bytes.length);
  const copies = Math.min(times, Math.ceil(room / Math.max(1, to - from)));
  const part = bytes.subarray(from, to);
  return Buffer.concat([
    bytes.subarray(0, from),
    ...Array.from({ length: copies }, () => part),
    bytes.subarray(to),
  ]);
}

function putIn(bytes: Buffer, dice: Dice): Buffer {
  const at = placeIn(bytes, dice);
  return Buffer.concat([bytes.subarray(0, at), dice.bytes(dice.int(1, 16)), bytes.subarray(at)]);
}

/** A part of the other input, over or into this one. */
function takeOver(bytes: Buffer, dice: Dice, other: Uint8Array): Buffer {
  const [from, to] = rangeIn(other, dice);
  const at = placeIn(bytes, dice);
  const behind = dice.chance(0.5) ? at : Math.min(bytes.length, at + to - from);
  return Buffer.concat([bytes.subarray(0, at), other.subarray(from, to), bytes.subarray(behind)]);
}

/** Anywhere; often near the ends, where the counts and offsets of most formats are. */
function placeIn(bytes: Uint8Array, dice: Dice): number {
  const last = Math.max(0, bytes.length - 1);
  const end = Math.min(64, last);
  const draw = dice.fraction();
  if (draw < 0.2) return dice.int(0, end);
  return draw < 0.4 ? last - dice.int(0, end) : dice.int(0, last);
}

/** Mostly short. */
function rangeIn(bytes: Uint8Array, dice: Dice): readonly [from: number, to: number] {
  const from = placeIn(bytes, dice);
  const length = dice.chance(0.7) ? dice.int(1, 16) : dice.int(1, Math.max(1, bytes.length));
  return [from, Math.min(bytes.length, from + length)];
}
