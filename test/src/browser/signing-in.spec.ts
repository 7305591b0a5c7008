import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMINISTRATOR, PASSWORD, openHousehold } from '@rootcellar/testkit';
import type { Household } from '@rootcellar/testkit';
import { Secret, TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { barriersOn } from './accessibility.js';
import { openBrowser, openWindow, plugInAuthenticator } from './browser.js';

const CODE_SECONDS = 30;
/** A browser that offers no passkeys where the address is typed. */
const OFFERS_NOTHING = 'PublicKeyCredential.isConditionalMediationAvailable = async () => false;';

let household: Household;
let browser: Browser;
let url: string;
beforeAll(async () => {
  [household, browser] = await Promise.all([openHousehold(), openBrowser()]);
  url = `http://localhost:${household.service.port}`;
});
afterAll(async () => {
  await browser.close();
  await household.close();
});

async function typePassword(page: Page, password = PASSWORD): Promise<void> {
  await page.getByLabel('E-mail address').fill(ADMINISTRATOR.email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out', exact: true }).first().click();
  await page.getByRole('link', { name: 'Sign in' }).waitFor();
}

const home = async (page: Page): Promise<void> =>
  page.getByRole('heading', { name: 'What is next' }).waitFor();

/** As an authenticator app computes it; each code is good once, so the second is of the next half minute. */
function codeOf(secret: string, ahead = 0): string {
  const totp = new TOTP({ secret: Secret.fromBase32(secret.replaceAll(' ', '')) });
  return totp.generate({ timestamp: Date.now() + ahead * CODE_SECONDS * 1000 });
}

describe('signing in', () => {
  it('takes the keyboard alone, brings back to the page that was asked for, and ends when told', async () => {
    await using window = await openWindow(browser, url);
    const { page, complaints } = window;
    await page.goto('/account');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await barriersOn(page)).toEqual([]);

    // The address has the focus from the start.
    await page.keyboard.type(ADMINISTRATOR.email);
    await page.keyboard.press('Tab');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');

    await page.getByRole('heading', { name: 'Your account' }).waitFor();
    expect(page.url()).toBe(`${url}/account`);
    expect(await barriersOn(page)).toEqual([]);
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' });

    await signOut(page);
    await page.goto('/account');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('says what is wrong, the same for a wrong password and an unknown address', async () => {
    await using window = await openWindow(browser, url);
    const { page, complaints } = window;
    await page.goto('/sign-in');

    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('Your e-mail address is missing.').waitFor();
    expect(await barriersOn(page)).toEqual([]);

    await typePassword(page, 'wrong');
    const said = await page.getByRole('alert').innerText();
    await page.getByLabel('E-mail address').fill('nobody@example.org');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();

    expect(said).not.toBe('');
    await expect(page.getByRole('alert').innerText()).resolves.toBe(said);
    expect(await barriersOn(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('goes nowhere else afterwards, whatever the address says', async () => {
    await using window = await openWindow(browser, url);
    const { page, complaints } = window;
    await page.goto('/sign-in?returnTo=//evil.example/');

    await typePassword(page);

    await home(page);
    expect(page.url()).toBe(`${url}/`);
    expect(complaints).toEqual([]);
  });

  it('is read on a small phone in the dark without moving sideways', async () => {
    const phone = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' } as const;
    await using window = await openWindow(browser, url, phone);
    const { page, complaints } = window;
    await page.goto('/sign-in');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await typePassword(page);
    await home(page);
    expect(await barriersOn(page)).toEqual([]);
    const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');

    expect(wider).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
  });
});

describe('a second step', () => {
  it('is set up with an app, asked for, replaced by a recovery code, and turned off', async () => {
    await using window = await openWindow(browser, url);
    const { page, complaints } = window;
    await page.goto('/sign-in?returnTo=/account');
    await typePassword(page);
    await page.getByRole('button', { name: 'Set up an authenticator app' }).click();
    const secret = await page.getByText('Or type the secret').locator('code').innerText();
    await page.getByRole('img', { name: 'QR code for an authenticator app' }).waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await page.getByLabel('Code', { exact: true }).fill(codeOf(secret));
    await page.getByRole('button', { name: 'Turn on' }).click();
    const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
    await codes.first().waitFor();
    const [recoveryCode = ''] = await codes.allInnerTexts();
    expect(await barriersOn(page)).toEqual([]);
    await page.getByRole('button', { name: 'I have saved them' }).click();
    await page.getByText('10 recovery codes are left.').waitFor();

    await signOut(page);
    await page.goto('/sign-in');
    await typePassword(page);
    await page.getByRole('heading', { name: 'One more step' }).waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await page.getByLabel('Code', { exact: true }).fill(codeOf(secret, 1));
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await home(page);

    await signOut(page);
    await page.goto('/sign-in?returnTo=/account');
    await typePassword(page);
    await page.getByRole('button', { name: 'Use a recovery code' }).click();
    await page.getByLabel('Recovery code').fill(recoveryCode);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('9 recovery codes are left.').waitFor();

    await page.getByRole('button', { name: 'Turn off' }).click();
    await page.getByLabel('Your password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Turn off the second step' }).click();
    await page.getByRole('button', { name: 'Set up an authenticator app' }).waitFor();
    expect(complaints).toEqual([]);
  });
});

describe('a passkey', () => {
  it('is added, signs in from the address field and by its button, and is removed', async () => {
    await using window = await openWindow(browser, url);
    const { page, complaints } = window;
    await plugInAuthenticator(page);
    await page.goto('/account');
    await typePassword(page);
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByLabel('Name of the passkey').fill('My phone');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('list', { name: 'Passkeys' }).getByText('My phone').waitFor();
    expect(await barriersOn(page)).toEqual([]);

    await signOut(page);
    // The browser offers it by itself, and this device says yes to everything.
    await page.goto('/sign-in?returnTo=/account');
    await page.getByRole('heading', { name: 'Your account' }).waitFor();

    await signOut(page);
    await page.addInitScript({ content: OFFERS_NOTHING });
    await page.goto('/sign-in?returnTo=/account');
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByRole('heading', { name: 'Your account' }).waitFor();

    await page.getByRole('button', { name: 'Remove the passkey My phone' }).click();
    await page.getByText('My phone').waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });
});

describe('the list of sign-ins', () => {
  it('shows the computer that set up, and ends its sign-in', async () => {
    await using window = await openWindow(browser, url);
    const { page, complaints } = window;
    await page.goto('/account');
    await typePassword(page);
    const list = page.getByRole('list', { name: 'Sign-ins' });
    await list.getByText('This browser').waitFor();
    const others = list.getByRole('button', { name: /^Sign out/ });
    expect((await household.agent.run('whoami')).code).toBe(0);

    for (let left = await others.count(); left > 0; left -= 1) {
      await others.first().click();
      await others.nth(left - 1).waitFor({ state: 'detached' });
    }

    expect((await household.agent.run('whoami')).code).not.toBe(0);
    expect(complaints).toEqual([]);
  });
});
