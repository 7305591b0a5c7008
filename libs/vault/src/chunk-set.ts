import { DeserializationFormat, RoaringBitmap32, SerializationFormat } from 'roaring-wasm';

/**
 * The chunks one root needs, as ordinals. Lives in WebAssembly memory: dispose it (`using`), or it stays for ever.
 * Serialised in the portable form of RoaringFormatSpec.
 */
export class ChunkSet {
  readonly #bitmap: RoaringBitmap32;

  constructor(bitmap = new RoaringBitmap32()) {
    this.#bitmap = bitmap;
  }

  static deserialize(bytes: Uint8Array): ChunkSet {
    return new ChunkSet(RoaringBitmap32.deserialize(bytes, DeserializationFormat.portable));
  }

  add(ordinals: readonly number[]): void {
    this.#bitmap.addMany(ordinals);
  }

  get size(): number {
    return this.#bitmap.size;
  }

  equals(other: ChunkSet): boolean {
    return this.#bitmap.isEqual(other.#bitmap);
  }

  serialize(): Uint8Array {
    this.#bitmap.runOptimize();
    return this.#bitmap.serialize(SerializationFormat.portable);
  }

  [Symbol.dispose](): void {
    this.#bitmap.dispose();
  }
}
