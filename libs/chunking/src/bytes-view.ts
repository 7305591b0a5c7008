/** The same memory as a plain Uint8Array, whose `slice` copies; that of a Buffer does not. */
export function bytesView(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
