import type { StartLog } from '../start-log.js';

/** Keeps what is reported, and prints nothing. */
export function keepingLog(): StartLog & { readonly lines: readonly string[] } {
  const lines: string[] = [];
  return {
    lines,
    info: (message) => void lines.push(message),
    warn: (message) => void lines.push(`warning: ${message}`),
  };
}
