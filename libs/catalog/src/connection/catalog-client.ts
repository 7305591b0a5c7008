import pg from 'pg';
import { nameOf } from './prepared.js';

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

/** Sends hot statements by name: they are parsed and planned once a connection. */
export class PreparingClient extends HeardClient {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const query = this.query.bind(this) as (...statement: unknown[]) => unknown;
    Object.assign(this, {
      query: (statement: unknown, values?: unknown, ...rest: unknown[]) => {
        const name = typeof statement === 'string' ? nameOf(statement) : undefined;
        return name === undefined
          ? query(statement, values, ...rest)
          : query({ name, text: statement, values }, ...rest);
      },
    });
  }
}
