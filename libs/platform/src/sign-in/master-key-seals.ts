import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { SealPurpose, Seals } from '@rootcellar/archive';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** AES-256-GCM and HMAC-SHA-256 under keys of the master key's, one for each purpose (HKDF-SHA-256): nonce, ciphertext, tag. */
export class MasterKeySeals implements Seals {
  readonly #masterKey: Uint8Array;
  readonly #keys = new Map<string, Uint8Array>();

  constructor(masterKey: Uint8Array) {
    this.#masterKey = masterKey;
  }

  seal(purpose: SealPurpose, subject: string, bytes: Uint8Array): Uint8Array {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key(`seal/${purpose}`), nonce);
    cipher.setAAD(Buffer.from(subject));
    return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  }

  open(purpose: SealPurpose, subject: string, sealed: Uint8Array): Uint8Array | undefined {
    if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
    const decipher = createDecipheriv(
      'aes-256-gcm',
      this.#key(`seal/${purpose}`),
      sealed.subarray(0, NONCE_BYTES),
      { authTagLength: TAG_BYTES },
    );
    decipher.setAAD(Buffer.from(subject));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const opened = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
    try {
      return Buffer.concat([opened, decipher.final()]);
    } catch {
      // The only thing that fails here is the tag.
      return undefined;
    }
  }

  mark(purpose: SealPurpose, text: string): Uint8Array {
    return createHmac('sha256', this.#key(`mark/${purpose}`))
      .update(text)
      .digest();
  }

  #key(use: string): Uint8Array {
    const known = this.#keys.get(use);
    if (known !== undefined) return known;
    const info = `rootcellar/v1/sign-in/${use}`;
    const key = Buffer.from(hkdfSync('sha256', this.#masterKey, '', info, KEY_BYTES));
    this.#keys.set(use, key);
    return key;
  }
}
