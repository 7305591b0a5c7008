/** Boxes as in an App Store download's `.sinf`; it unlocks nothing. @param itemId the app it is for; left out, it names none */
export function sinfStub(itemId?: number): Buffer {
  const song = Buffer.alloc(itemId === undefined ? 0 : 8, 'song');
  if (itemId !== undefined) song.writeUInt32BE(itemId, 4);
  const rights = box('righ', Buffer.concat([Buffer.from('veID\0\0\0\x01'), song]));
  const schi = box('schi', Buffer.concat([box('user', Buffer.alloc(4, 7)), rights]));
  return box('sinf', Buffer.concat([box('frma', Buffer.from('game')), schi]));
}

function box(name: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8, `\0\0\0\0${name}`, 'latin1');
  head.writeUInt32BE(8 + content.length);
  return Buffer.concat([head, content]);
}
