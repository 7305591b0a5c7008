import { damagedChunkSet } from './damaged-chunk-set.js';

/** Where the parts of a serialised set lie, from its first byte; as RoaringFormatSpec lays them out. */
export interface ChunkSetHeader {
  readonly containers: number;
  /** A bit per container, lowest first: it is a run container. Undefined: none is. */
  readonly runFlagsAt: number | undefined;
  /** Per container: key u16 ‖ cardinality − 1 u16. */
  readonly keysAt: number;
  /** Per container: where it begins, u32. */
  readonly offsetsAt: number | undefined;
  readonly containersAt: number;
}

/** What a set without run containers begins with, as u32; the number of containers follows, as u32. */
const COOKIE_WITHOUT_RUNS = 12_346;
/** What a set with run containers begins with, as u16; the number of containers − 1 follows, as u16. */
const COOKIE_WITH_RUNS = 12_347;
/** With run containers, fewer containers than this go without offsets. */
const NO_OFFSET_THRESHOLD = 4;
const CONTAINERS_MAX = 65_536;

/**
 * Every part it names lies inside of the bytes.
 * @throws ArchiveError CHUNK_SET_DAMAGED
 */
export function readChunkSetHeader(view: DataView): ChunkSetHeader {
  if (view.byteLength < 8) throw damagedChunkSet('it is too short');
  const cookie = view.getUint32(0, true);
  const header =
    (cookie & 0xffff) === COOKIE_WITH_RUNS
      ? layOut({ containers: (cookie >>> 16) + 1, hasRuns: true })
      : layOut({ containers: withoutRuns(view, cookie), hasRuns: false });
  if (header.containersAt > view.byteLength) throw damagedChunkSet('its header is cut off');
  return header;
}

function withoutRuns(view: DataView, cookie: number): number {
  if (cookie !== COOKIE_WITHOUT_RUNS) throw damagedChunkSet('it does not begin like one');
  const containers = view.getUint32(4, true);
  if (containers > CONTAINERS_MAX) throw damagedChunkSet('it names more containers than there are');
  return containers;
}

function layOut(form: { readonly containers: number; readonly hasRuns: boolean }): ChunkSetHeader {
  const { containers, hasRuns } = form;
  const keysAt = hasRuns ? 4 + Math.ceil(containers / 8) : 8;
  const keysEnd = keysAt + 4 * containers;
  const hasOffsets = !hasRuns || containers >= NO_OFFSET_THRESHOLD;
  return {
    containers,
    runFlagsAt: hasRuns ? 4 : undefined,
    keysAt,
    offsetsAt: hasOffsets ? keysEnd : undefined,
    containersAt: hasOffsets ? keysEnd + 4 * containers : keysEnd,
  };
}
