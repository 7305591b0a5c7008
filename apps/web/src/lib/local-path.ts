/**
 * Where to go after signing in, from an address that anybody may have made up.
 * @returns a path of this service, and `/` for everything else
 */
export function localPath(wanted: unknown, origin: string): string {
  if (typeof wanted !== 'string' || !wanted.startsWith('/')) return '/';
  const url = URL.parse(wanted, origin);
  if (url?.origin !== origin) return '/';
  return `${url.pathname}${url.search}`;
}
