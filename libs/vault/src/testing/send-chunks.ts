import { CHUNK_FRAME_BYTES, encodeBody, writeChunkFrame } from '@rootcellar/chunking';
import type { ChunkRef } from '@rootcellar/chunking';
import { chunkIdToBytes, sha256 } from '@rootcellar/model';
import type { UploadId } from '@rootcellar/model';
import type { FillBody, IntakeReceipt } from '../chunk-intake.js';
import type { HouseholdVault } from '../household-vault.js';

/** An upload body of these chunks, as an agent makes it. */
export function framesOf(chunks: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    chunks.map((plain) => {
      const { codec, body } = encodeBody(plain);
      const frame = new Uint8Array(CHUNK_FRAME_BYTES + body.length);
      const head = { id: chunkIdToBytes(sha256(plain)), codec, plainLength: plain.length };
      writeChunkFrame(frame, 0, head, body);
      return frame;
    }),
  );
}

/** A request that brings these bytes. */
export function bodyOf(bytes: Uint8Array): FillBody {
  return async (memory) => {
    await Promise.resolve();
    memory.set(bytes);
    return bytes.length;
  };
}

export async function sendChunks(
  vault: HouseholdVault,
  chunks: readonly Uint8Array[],
  holder: UploadId,
): Promise<IntakeReceipt> {
  return vault.intake.receive(bodyOf(framesOf(chunks)), holder);
}

export function refOf(chunk: Uint8Array): ChunkRef {
  return { id: sha256(chunk), length: chunk.length };
}

/** The plain bytes of stored chunks, one behind the other. */
export async function readChunks(
  vault: HouseholdVault,
  chunks: readonly Uint8Array[],
): Promise<Uint8Array> {
  const refs = chunks.map(refOf);
  const length = refs.reduce((sum, ref) => sum + ref.length, 0);
  return vault.files.range({ normaliser: 0, depth: 0, refs }, 0, length);
}
