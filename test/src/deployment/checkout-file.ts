import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** From `test/dist/deployment`. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** The path of a file of the checkout. */
export function checkoutFile(...path: readonly string[]): string {
  return join(ROOT, ...path);
}
