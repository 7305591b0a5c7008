import type { Database } from '@rootcellar/catalog';
import type { ObjectStore } from '@rootcellar/object-store';
import type { QueryRunner } from 'typeorm';
import type { Actor } from './stage.js';

type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** The database as one process has it: every call is a turn, every statement in a transaction may be its last. */
export function databaseOf(actor: Actor, database: Database): Database {
  const manager = everyMethod(
    database.manager,
    (method) =>
      async (...args) =>
        actor.call(() => method(...args)),
  );
  return new Proxy(database, {
    get: (target, name) => {
      if (name === 'manager') return manager;
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      const method = member.bind(target) as Method;
      if (name === 'query') return async (...args: unknown[]) => actor.call(() => method(...args));
      if (name === 'createQueryRunner') return () => runnerOf(actor, target.createQueryRunner());
      if (name !== 'transaction') return method;
      return async (...args: unknown[]) => {
        const work = args.pop() as (tx: object) => Promise<unknown>;
        return actor.call(() => method(...args, async (tx: object) => work(statements(actor, tx))));
      };
    },
  });
}

/** What is read on a connection of its own is one turn, from taking the connection to giving it back. */
function runnerOf(actor: Actor, runner: QueryRunner): Pick<QueryRunner, 'connect' | 'release'> {
  const over = Promise.withResolvers<undefined>();
  return {
    connect: async () => {
      const connected = Promise.withResolvers<unknown>();
      const turn = actor.call(async () => {
        connected.resolve(await runner.connect());
        await over.promise;
      });
      turn.catch(connected.reject);
      return connected.promise;
    },
    release: async () => {
      await runner.release();
      over.resolve(undefined);
    },
  };
}

function statements(actor: Actor, tx: object): object {
  return everyMethod(
    tx,
    (method) =>
      async (...args) =>
        actor.statement(() => method(...args)),
  );
}

/** The object store as one process has it. */
export function storeOf<Store extends ObjectStore>(actor: Actor, store: Store): Store {
  return everyMethod(store, (method, name) =>
    name === 'list' ? method : async (...args) => actor.call(() => method(...args)),
  );
}

function everyMethod<T extends object>(
  of: T,
  wrap: (method: Method, name: string | symbol) => Method,
): T {
  return new Proxy(of, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? wrap(member.bind(target) as Method, name) : member;
    },
  });
}
