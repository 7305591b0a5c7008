import { refusePolicy } from './refuse-policy.js';
import type { JsonPath } from './refuse-policy.js';

const LEAST = 1_000_000;
const DECIMAL = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];
const BINARY = ['B', 'KIB', 'MIB', 'GIB', 'TIB', 'PIB'];
const FORM = /^(\d{1,16}(?:\.\d{1,6})?) ?([a-z]{1,3})$/i;

/**
 * Bytes as a whole number, or text such as `500 GB` (1000-based), `1.5 TB`, `500 GiB` (1024-based).
 * Refuses with RETENTION_POLICY_INVALID; less than 1 MB as well, for nobody means that.
 */
export function readBudget(value: unknown, path: JsonPath): number {
  const bytes = typeof value === 'string' ? bytesOf(value) : value;
  if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 0) {
    refusePolicy(path, 'must be a whole number of bytes, or text such as "500 GB"');
  }
  if (bytes === 0) {
    refusePolicy(
      path,
      'is 0: that would remove all that may be removed',
      'Leave budget out to have none.',
    );
  }
  if (bytes < LEAST) {
    refusePolicy(
      path,
      `is only ${bytes} bytes; less than 1 MB is most likely a missing unit`,
      `Write for example "500 GB".`,
    );
  }
  return bytes;
}

function bytesOf(text: string): number | undefined {
  const [, amount, unit] = FORM.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  const name = unit.toUpperCase();
  const [base, power] = BINARY.includes(name)
    ? [1024, BINARY.indexOf(name)]
    : [1000, DECIMAL.indexOf(name)];
  return power < 0 ? undefined : Math.round(Number(amount) * base ** power);
}
