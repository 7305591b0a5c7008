import { sampleBytes } from './sample-objects.js';

/** The n-th object of the crash test. Whoever knows its number knows all of its bytes. */
export function crashObject(number: number): {
  readonly key: string;
  readonly parts: readonly Uint8Array[];
} {
  const bytes = sampleBytes(1 + ((number * 104_729) % 3_000_000), number % 251);
  const middle = Math.floor(bytes.length / 2);
  return {
    key: `crash/${(number % 5).toString()}/${number.toString()}`,
    parts: [bytes.subarray(0, middle), bytes.subarray(middle)],
  };
}
