import pg from 'pg';

/**
 * Between pool and runner nobody listens to a connection for a moment. A server that dies just then is told of by the next statement;
 * unheard it would end the process.
 */
export class HeardClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}
