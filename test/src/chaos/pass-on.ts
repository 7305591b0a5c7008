import type { Socket } from 'node:net';

/** What one end sends goes to the other; so does its end, however it ends. */
export function passOn(from: Socket, to: Socket, look: (bytes: Buffer) => void): void {
  from.on('data', (bytes: Buffer) => {
    look(bytes);
    if (!to.write(bytes)) from.pause();
  });
  to.on('drain', () => from.resume());
  from.on('end', () => to.end());
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroySoon());
}
