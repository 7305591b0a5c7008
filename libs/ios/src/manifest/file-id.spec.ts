import { describe, expect, it } from '@jest/globals';
import { fileIdOf, isFileId } from './file-id.js';

describe('the fileID of a file', () => {
  it.each([
    ['HomeDomain', 'Library/SMS/sms.db', '3d0d7e5fb2ce288813306e4d4636395e047a3d28'],
    [
      'AppDomainGroup-group.net.whatsapp.WhatsApp.shared',
      'ChatStorage.sqlite',
      '7c7fba66680ef796b916b067077cc246adacf01d',
    ],
  ])('is the SHA-1 known for %s', (domain, path, known) => {
    expect(fileIdOf(domain, path)).toBe(known);
  });

  it('is 40 lower-case hex digits and nothing else', () => {
    const id = fileIdOf('HomeDomain', 'naïve 📱');

    expect(isFileId(id)).toBe(true);
    expect([id.toUpperCase(), id.slice(1), `${id}0`, `${id}\n`, ''].filter(isFileId)).toEqual([]);
  });
});
