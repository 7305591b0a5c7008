/** What a sealed text or a mark is for: one is no good for another. */
export type SealPurpose = 'totp' | 'challenge' | 'recovery-code' | 'attempt' | 'provider';

/** Secrets under keys that are derived from the master key: who has the database alone can neither read nor make them. */
export interface Seals {
  /** @param subject what it belongs to; sealed for one, it opens for no other */
  seal(purpose: SealPurpose, subject: string, bytes: Uint8Array): Uint8Array;
  /** @returns undefined when it was not sealed here, for this purpose and subject */
  open(purpose: SealPurpose, subject: string, sealed: Uint8Array): Uint8Array | undefined;
  /** 32 bytes that are the same for the same text, and tell nothing of it. */
  mark(purpose: SealPurpose, text: string): Uint8Array;
}
