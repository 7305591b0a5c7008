import { randomUUID } from 'node:crypto';
import type { Request } from 'express';

const ids = new WeakMap<object, string>();

/** An id for the log and the answer; made here, never taken from outside. */
export function requestIdOf(request: Request): string {
  const known = ids.get(request);
  if (known !== undefined) return known;
  const id = randomUUID();
  ids.set(request, id);
  return id;
}
