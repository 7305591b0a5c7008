import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { describeListenError } from './listen-error.js';

async function listenError(host: string, port: number): Promise<unknown> {
  const server = createServer();
  const failed = once(server, 'error');
  server.listen(port, host);
  const [error] = (await failed) as [unknown];
  return error;
}

describe('a service that cannot listen', () => {
  it('says that the port is taken and how to choose another', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;

    const error = describeListenError(await listenError('127.0.0.1', port), '127.0.0.1', port);
    other.close();

    expect(error.code).toBe('PORT_TAKEN');
    expect(error.hint).toContain(`ROOTCELLAR_PORT=${port + 1}`);
    expect(error.details).toMatchObject({ host: '127.0.0.1', port });
  });

  it('says that the address is not of this computer', async () => {
    const error = describeListenError(await listenError('192.0.2.1', 4470), '192.0.2.1', 4470);

    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).toContain('ROOTCELLAR_HOST=192.0.2.1');
  });

  it('names the settings of the port it is about', () => {
    const taken = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' });

    const error = describeListenError(taken, '127.0.0.1', 9470, 'ROOTCELLAR_MONITORING');

    expect(error.hint).toContain('ROOTCELLAR_MONITORING_PORT=9471');
  });

  it('says that the port needs other rights', () => {
    const refusal = Object.assign(new Error('listen EACCES'), { code: 'EACCES' });

    expect(describeListenError(refusal, '127.0.0.1', 80).code).toBe('CONFIG_INVALID');
  });

  it('suggests no port that does not exist', () => {
    const taken = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' });

    expect(describeListenError(taken, '127.0.0.1', 65_535).hint).toContain('ROOTCELLAR_PORT=65534');
  });

  it('keeps what it does not know as the cause', () => {
    const unknown = new Error('?');

    const error = describeListenError(unknown, '127.0.0.1', 4470);

    expect([error.code, error.cause]).toEqual(['INTERNAL', unknown]);
  });
});
