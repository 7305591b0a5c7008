/**
 * What the document of the pages has beyond what every answer has (secure-headers.ts).
 * @param nonce of this answer, for the style elements that Mantine makes; scripts are files of the service and nothing else
 */
export function documentHeaders(nonce: string): Readonly<Record<string, string>> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      `style-src 'self' 'nonce-${nonce}'`,
      "connect-src 'self'",
      "img-src 'self'",
      // Without its script a form must not send a password anywhere, least of all in an address.
      "form-action 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  };
}
