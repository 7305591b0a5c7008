import { describe, expect, it } from '@jest/globals';
import { requireConfirmation } from './require-confirmation.js';

const half = { reason: 'more-than-half', name: 'The Smiths' } as const;
const last = { reason: 'last-version', name: 'com.example.notes' } as const;

describe('a removal that needs names', () => {
  it('goes on when all of them were given, and some more', () => {
    expect(() => requireConfirmation([half, last], ['x', last.name, half.name])).not.toThrow();
    expect(() => requireConfirmation([], [])).not.toThrow();
  });

  it.each([[[]], [[half.name]], [['the smiths', last.name]]])('does not with %j', (given) => {
    expect(() => requireConfirmation([half, last], given)).toThrow(
      expect.objectContaining({ code: 'CONFIRMATION_NEEDED' }),
    );
  });

  it('says which are missing, and how to give them', () => {
    expect(() => requireConfirmation([half, last], [half.name])).toThrow(
      expect.objectContaining({
        details: { names: [last.name] },
        hint: `Confirm with --confirm "${last.name}"`,
      }),
    );
  });
});
