import { FASTCDC_WASM } from '../generated/fastcdc-wasm.js';

/** What `assembly/fastcdc.ts` exports. */
export interface FastCdc {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /** `start` and the sizes in bytes of that memory. */
  readonly cut: (start: number, available: number, ...sizes: [number, number, number]) => number;
}

/** The little we use of the WebAssembly JavaScript interface; neither ES2024 nor @types/node declares it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

let compiled: object | undefined;

/** A new instance with its own memory; the module is compiled once a thread. */
export function instantiateFastCdc(): FastCdc {
  compiled ??= new WebAssembly.Module(Buffer.from(FASTCDC_WASM, 'base64'));
  return new WebAssembly.Instance(compiled).exports as FastCdc;
}
