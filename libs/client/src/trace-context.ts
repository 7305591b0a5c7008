/**
 * A header of https://www.w3.org/TR/trace-context/, by which the service's log lines of one command are found, and traces joined if anybody
 * collects some. The id is random: it says nothing of who or what.
 */
export const TRACEPARENT = 'traceparent';

/** 32 hexadecimal digits, for all requests of one command. */
export function newTraceId(): string {
  return randomHex(16);
}

/** The header of one request: a new span of the trace. Sampled (`01`): whether anything is collected, the service decides. */
export function traceparentOf(traceId: string): string {
  return `00-${traceId}-${randomHex(8)}-01`;
}

function randomHex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  // All zeros are not allowed.
  random[0] = (random[0] ?? 0) | 1;
  return Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
