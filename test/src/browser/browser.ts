import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, CDPSession, Page } from 'playwright-core';
import { ensurePrograms, programPath } from '@rootcellar/testkit';

/** Chromium of the system: nothing is downloaded from elsewhere. @throws Error that says how to get it */
export async function openBrowser(): Promise<Browser> {
  await ensurePrograms({ chromium: 'chromium' });
  const executablePath = await programPath('chromium');
  if (executablePath === undefined) throw new Error('Chromium was installed, but is not there.');
  // As root it starts only without its sandbox; the pages it sees are our own.
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
}

/** A window of its own: no cookie of any other, closed at the end of its scope. */
export interface Window extends AsyncDisposable {
  readonly page: Page;
  /** What must be empty at the end: errors in the console, breaches of the policy, requests to other hosts. */
  readonly complaints: readonly string[];
}

/** The browser tells of them in words that change; this way there is an error for each. */
const TELL_BREACHES = `document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
  console.error('policy: ' + violatedDirective + ' forbids ' + blockedURI);
});`;

/**
 * @param url of the service, `http://localhost:…`: browsers make passkeys for no address that is a number
 * @param others origins that are asked on purpose
 */
export async function openWindow(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
  others: readonly string[] = [],
): Promise<Window> {
  const context = await browser.newContext({ baseURL: url, locale: 'en-GB', ...options });
  context.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  await context.addInitScript({ content: TELL_BREACHES });
  context.on('console', (message) => {
    // A refusal of the API is an answer; Chromium calls it an error.
    const refusal = /^Failed to load resource: .* status of 4\d\d/.test(message.text());
    if (message.type() === 'error' && !refusal) complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== new URL(url).origin && !others.includes(origin) && protocol !== 'data:')
      complaints.push(request.url());
  });
  const page = await context.newPage();
  return { page, complaints, [Symbol.asyncDispose]: async () => context.close() };
}

/** A device that keeps passkeys and asks nobody, in this page's browser. */
export async function plugInAuthenticator(page: Page): Promise<CDPSession> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return devtools;
}
