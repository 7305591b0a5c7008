import { readFileSync } from 'node:fs';

/** Of this release. */
export const VERSION = readVersion();

function readVersion(): string {
  const file = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { readonly version: string }).version;
}
