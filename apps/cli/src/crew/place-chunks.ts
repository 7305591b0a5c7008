import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { decodeBody } from '@rootcellar/chunking';
import { ArchiveError, sha256 } from '@rootcellar/model';
import type { ChunkId } from '@rootcellar/model';
import { task } from './task.js';
import type { Done } from './task.js';

/** A chunk on its way into a file. */
export interface PieceToPlace {
  /** On this computer. */
  readonly target: string;
  readonly offset: number;
  readonly id: ChunkId;
  readonly codec: number;
  readonly plainLength: number;
  /** Where its body lies in the memory. */
  readonly at: number;
  readonly bodyLength: number;
}

/** Linux copies larger writes several times slower (see the file system adapter of `@rootcellar/object-store`). */
const WRITE_MAX_BYTES = 256 * 1024;

const OPEN_FLAGS =
  constants.O_WRONLY | constants.O_CREAT | ((constants as { O_NOFOLLOW?: number }).O_NOFOLLOW ?? 0);

/** Expands chunks, checks each against its SHA-256, and writes them where they belong. Pieces of one file come together. */
export const placeChunks = task(
  (input: {
    readonly memory: SharedArrayBuffer;
    readonly pieces: readonly PieceToPlace[];
  }): Done<number> => {
    let open: { readonly target: string; readonly fd: number } | undefined;
    let written = 0;
    try {
      for (const piece of input.pieces) {
        const plain = checked(piece, new Uint8Array(input.memory, piece.at, piece.bodyLength));
        if (open?.target !== piece.target) {
          if (open !== undefined) closeSync(open.fd);
          open = { target: piece.target, fd: openSync(piece.target, OPEN_FLAGS) };
        }
        writeFully(open.fd, plain, piece.offset);
        written += plain.length;
      }
    } finally {
      if (open !== undefined) closeSync(open.fd);
    }
    return { value: written };
  },
);

function checked(piece: PieceToPlace, body: Uint8Array): Uint8Array {
  const plain = decodeBody(piece.codec, body, piece.plainLength, {
    code: 'CHUNK_DAMAGED',
    lent: true,
  });
  if (sha256(plain) !== piece.id) {
    throw new ArchiveError(
      'CHUNK_DAMAGED',
      'A chunk that arrived does not match its SHA-256; the file was not given back.',
      {
        hint: 'Run the command again; if it happens again, run `rootcellar admin scrub`.',
      },
    );
  }
  return plain;
}

function writeFully(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;) {
    const length = Math.min(WRITE_MAX_BYTES, bytes.length - done);
    done += writeSync(fd, bytes, done, length, position + done);
  }
}
