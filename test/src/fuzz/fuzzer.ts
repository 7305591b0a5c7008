import { isArchiveError } from '@rootcellar/model';
import { createDice } from '../bench/corpus/dice.js';
import { mutate } from './mutate.js';
import type { Target } from './target.js';

/** An input that a target did not survive as it must. */
export interface Finding {
  readonly target: string;
  readonly why: string;
  readonly iteration: number;
  readonly input: Buffer;
}

export interface Trial {
  readonly target: string;
  /** Undefined when the input was read to its end, else the code it was refused with. */
  readonly refusal: string | undefined;
  readonly finding: Finding | undefined;
}

export interface FuzzerOptions {
  readonly seed: number;
  /** Called before each trial, with what is about to be tried: for who watches from outside. */
  readonly onTrial?: (target: Target, input: Buffer) => void;
}

/** Processor time of one input, and growth of the process by it. All inputs are at most 1 MiB. */
const TIME_MAX_MS = 2000;
const MEMORY_MAX_BYTES = 384 * 1024 * 1024;
/** Inputs that brought a new answer are changed further; more of them than this say nothing new. */
const CORPUS_MAX = 400;

/** Tries targets one after the other with changed inputs. Same seed, same trials. */
export class Fuzzer {
  readonly #options: FuzzerOptions;
  readonly #lanes: readonly Lane[];
  #trials = 0;

  constructor(targets: readonly Target[], options: FuzzerOptions) {
    this.#options = options;
    this.#lanes = targets.map((target) => ({
      target,
      corpus: [...target.seeds],
      answers: new Set<string>(),
      iteration: 0,
    }));
  }

  /** The next trial, of the next target. */
  async next(): Promise<Trial> {
    const lane = this.#lanes[this.#trials % this.#lanes.length];
    if (lane === undefined) throw new RangeError('nothing to try');
    this.#trials += 1;
    const { target, corpus } = lane;
    const dice = createDice('fuzz', this.#options.seed, target.name, lane.iteration);
    // The seeds themselves come first: each must be read.
    const seed = target.seeds[lane.iteration];
    const input =
      seed === undefined
        ? mutate(anyOf(corpus, dice), anyOf(corpus, dice), dice)
        : Buffer.from(seed);
    this.#options.onTrial?.(target, input);
    const { answer, refusal, why } = await attempt(target, input);
    const refusedSeed =
      seed !== undefined && refusal !== undefined ? `refuses a seed: ${refusal}` : undefined;
    const wrong = why ?? refusedSeed;
    const finding =
      wrong === undefined
        ? undefined
        : { target: target.name, why: wrong, iteration: lane.iteration, input };
    if (!lane.answers.has(answer) && corpus.length < CORPUS_MAX) corpus.push(input);
    lane.answers.add(answer);
    lane.iteration += 1;
    return { target: target.name, refusal, finding };
  }
}

interface Lane {
  readonly target: Target;
  readonly corpus: Uint8Array[];
  /** Every different way in which inputs were read or refused. */
  readonly answers: Set<string>;
  iteration: number;
}

interface Answer {
  /** Equal for inputs that were treated alike. */
  readonly answer: string;
  readonly refusal: string | undefined;
  readonly why: string | undefined;
}

async function attempt(target: Target, input: Buffer): Promise<Answer> {
  // A target that writes into its input must not change what is reported.
  const given = Buffer.from(input);
  const before = { cpu: process.threadCpuUsage(), peak: process.resourceUsage().maxRSS };
  const answer = await answerOf(target, given);
  if (answer.why !== undefined) return answer;
  const { user, system } = process.threadCpuUsage(before.cpu);
  const ms = (user + system) / 1000;
  if (ms > TIME_MAX_MS) return { ...answer, why: `took ${Math.round(ms)} ms` };
  const grown = (process.resourceUsage().maxRSS - before.peak) * 1024;
  if (grown > MEMORY_MAX_BYTES) return { ...answer, why: `took ${grown} bytes of memory` };
  if (!given.equals(input)) return { ...answer, why: 'changed its input' };
  return answer;
}

async function answerOf(target: Target, input: Buffer): Promise<Answer> {
  try {
    const result = await target.run(input);
    return { answer: `read ${shapeOf(result)}`, refusal: undefined, why: undefined };
  } catch (error) {
    if (!isArchiveError(error)) {
      const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { answer: words, refusal: undefined, why: `failed: ${words}` };
    }
    const answer = `${error.code} ${error.message.replaceAll(/\d+/g, '#')}`;
    const internal = error.code === 'INTERNAL' ? 'refuses as INTERNAL' : undefined;
    return { answer, refusal: error.code, why: internal };
  }
}

/** Coarse: how much came out of it. */
function shapeOf(result: unknown): string {
  return typeof result === 'number' ? String(Math.ceil(Math.log2(result + 1))) : typeof result;
}

function anyOf(corpus: readonly Uint8Array[], dice: ReturnType<typeof createDice>): Uint8Array {
  return corpus[dice.int(0, corpus.length - 1)] ?? new Uint8Array();
}
