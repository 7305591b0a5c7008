/** What runs in the agent's worker threads (see `crew.ts`). */
import { tuneHeapForBulk } from '@rootcellar/chunking';

export { cutFiles, cutPart, hashFile, probe } from './cut-files.js';
export { frameChunks } from './frame-chunks.js';
export { placeChunks } from './place-chunks.js';

tuneHeapForBulk();
