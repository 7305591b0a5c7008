import type { FileHandle } from 'node:fs/promises';

/** Bytes that can be read anywhere: a file on disk, a file in the vault, a buffer. */
export interface RandomAccessReader {
  /**
   * Reads `length` bytes from `offset`, fewer only where the bytes end. It is never asked for more than 8 MiB, nor
   * beyond the size given with the reader.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Reads an open file; closing it stays with the caller. */
export function readerOfFile(handle: FileHandle): RandomAccessReader {
  return {
    read: async (offset, length) => {
      const buffer = Buffer.alloc(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    },
  };
}

/** Reads bytes in memory, as views. */
export function readerOfBytes(bytes: Uint8Array): RandomAccessReader {
  return { read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)) };
}
