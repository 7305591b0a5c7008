import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Which parts of a page show: those whose `data-when` names it (page.css). Scripts move it on. */
export type PageState = 'new' | 'ready' | 'form' | 'done';

export interface Page {
  readonly headers: Readonly<Record<string, string>>;
  html(state: PageState): string;
}

export interface PageParts {
  readonly title: string;
  /** File of the body; `<!-- next-steps -->` in it stands for next-steps.html. */
  readonly body: string;
  readonly scripts: readonly string[];
}

const ICON =
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><path d='M4 30V14a12 12 0 0 1 24 0v16z' fill='%23b4531f'/><path d='M9 15h14M9 20h14M9 25h14' stroke='%23fff' stroke-width='2.5' stroke-linecap='round'/></svg>";

/** One document with all it needs in it. Nothing of a request gets into it, so there is nothing to escape. */
export function loadPage({ title, body, scripts }: PageParts): Page {
  const style = read('page.css');
  const codes = scripts.map(read);
  const content = read(body).replace('<!-- next-steps -->', () => read('next-steps.html'));
  return {
    headers: headersFor([style], codes),
    html: (state) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="${ICON}">
<style>${style}</style>
</head>
<body data-state="${state}">
${content}
${codes.map((code) => `<script type="module">${code}</script>`).join('\n')}
</body>
</html>
`,
  };
}

function headersFor(styles: readonly string[], scripts: readonly string[]): Page['headers'] {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': [
      "default-src 'none'",
      `script-src ${scripts.map(source).join(' ')}`,
      `style-src ${styles.map(source).join(' ')}`,
      "connect-src 'self'",
      'img-src data:',
      // Without its script the form must not send the password anywhere, least of all in an address.
      "form-action 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
  };
}

function source(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** The compiler does not carry these files to `dist`, so they are read where they are written. */
function read(file: string): string {
  return readFileSync(new URL(`../../src/pages/${file}`, import.meta.url)).toString();
}
