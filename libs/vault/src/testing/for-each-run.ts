import { forEachContainer } from '../chunk-sets/for-each-container.js';

/**
 * The runs [first, end) of a serialised set, ascending, each as long as it can be: what goes on over the border of
 * a container is one run. Damage may be found only after runs before it were visited.
 * @throws ArchiveError CHUNK_SET_DAMAGED
 */
export function forEachRun(set: Uint8Array, visit: (first: number, end: number) => void): void {
  let openFirst = 0;
  let openEnd = 0;
  forEachContainer(set, (base, borders, length) => {
    for (let index = 0; index < length; index += 2) {
      const first = base + (borders[index] ?? 0);
      if (first !== openEnd) {
        if (openEnd > openFirst) visit(openFirst, openEnd);
        openFirst = first;
      }
      openEnd = base + (borders[index + 1] ?? 0);
    }
  });
  if (openEnd > openFirst) visit(openFirst, openEnd);
}
