import { readableText } from '@rootcellar/model';
import type { Request } from 'express';

const AGENT_MAX = 120;

/** Where a request came from, for the audit trail. What a client says of itself is only told, never trusted. */
export function originOfRequest(request: Request): {
  readonly address: string;
  readonly agent: string | undefined;
} {
  const agent = request.headers['user-agent'];
  return {
    // IPv4 in the form of IPv6 is the same address.
    address: (request.ip ?? '').replace(/^::ffff:(?=\d+\.)/, ''),
    agent: agent === undefined ? undefined : readableText(agent, AGENT_MAX, 'unknown'),
  };
}
