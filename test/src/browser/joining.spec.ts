import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMINISTRATOR, PASSWORD, openHousehold } from '@rootcellar/testkit';
import type { Household, RunningCommand } from '@rootcellar/testkit';
import type { Browser, Page } from 'playwright-core';
import { barriersOn } from './accessibility.js';
import { openBrowser, openWindow } from './browser.js';

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

async function signIn(page: Page, email: string = ADMINISTRATOR.email): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** What follows the # in the link of a new invitation. */
async function invite(page: Page, name: string): Promise<string> {
  const { link } = (await page.evaluate(
    async (body) =>
      (
        await fetch('/api/v1/invitations', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        })
      ).json(),
    JSON.stringify({ role: 'member', name }),
  )) as { readonly link: string };
  return new URL(link).hash.slice(1);
}

async function inviteAsAdministrator(name: string): Promise<string> {
  await using window = await openWindow(browser, url);
  await window.page.goto('/sign-in');
  await signIn(window.page);
  await window.page.getByRole('heading', { name: 'What is next' }).waitFor();
  return await invite(window.page, name);
}

/** What `rootcellar login` asks to open. */
async function linkSaidBy(command: RunningCommand): Promise<string> {
  let said = '';
  command.child.stderr?.on('data', (text: string) => {
    said += text;
  });
  await command.heard(/approve#\S+\s/);
  return /http\S+\/approve#\S+/.exec(said)?.[0] ?? '';
}

describe('an invitation', () => {
  it('says who invites to what, makes an account, and works once', async () => {
    const token = await inviteAsAdministrator('Grace');
    await using window = await openWindow(browser, url);
    const { page, complaints } = window;

    await page.goto(`/invitation#${token}`);
    await page.getByRole('heading', { name: 'Join Test' }).waitFor();
    await page.getByText(/Ada invites you to be a member/).waitFor();
    expect(page.url()).toBe(`${url}/invitation`);
    expect(await page.content()).not.toContain(token);
    expect(await page.getByLabel('Your name').inputValue()).toBe('Grace');
    expect(await barriersOn(page)).toEqual([]);

    await page.getByLabel('E-mail address').fill('grace@example.org');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('Password again').fill(PASSWORD);
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByText(/Signed in as Grace, member/).waitFor();
    expect(await barriersOn(page)).toEqual([]);

    await page.goto('/');
    await page.goto(`/invitation#${token}`);
    await page.getByRole('heading', { name: 'This invitation is no good' }).waitFor();
    expect(await barriersOn(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('waits while somebody with an account signs in', async () => {
    const token = await inviteAsAdministrator('Ada');
    await using window = await openWindow(browser, url);
    const { page, complaints } = window;

    await page.goto(`/invitation#${token}`);
    await page.getByRole('link', { name: 'I have one on this server' }).click();
    await signIn(page);

    await page.getByRole('button', { name: `Join as ${ADMINISTRATOR.name}` }).waitFor();
    expect(page.url()).toBe(`${url}/invitation`);
    expect(await barriersOn(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

describe('a terminal that waits', () => {
  it('is signed in by whoever approves it in the browser, for what they allow', async () => {
    const other = household.newAgent('kitchen');
    const login = other.start('login');
    const link = await linkSaidBy(login);
    await using window = await openWindow(browser, url);
    const { page, complaints } = window;

    await page.goto(`${new URL(link).pathname}${new URL(link).hash}`);
    // First who one is, then the decision; the code outlives the way there.
    await signIn(page);
    await page.getByRole('heading', { name: 'Sign a computer in?' }).waitFor();
    expect(page.url()).toBe(`${url}/approve`);
    await page.getByText(new URL(link).hash.slice(1)).waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await page.getByLabel('Send only').check();
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('heading', { name: 'Approved' }).waitFor();
    expect(await barriersOn(page)).toEqual([]);

    expect((await login.ended).code).toBe(0);
    await page.goto('/account');
    const row = page
      .getByRole('list', { name: 'Sign-ins' })
      .getByRole('listitem')
      .filter({ hasText: 'Send only' });
    await row.waitFor();
    expect(complaints).toEqual([]);
  });

  it('is refused by a word, and its code typed by hand is void afterwards', async () => {
    const asked = (await (
      await fetch(`${household.service.url}/api/v1/device-codes`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ clientName: 'garage', scope: 'restore' }),
      })
    ).json()) as { readonly userCode: string; readonly deviceCode: string };
    await using window = await openWindow(browser, url);
    const { page, complaints } = window;
    await page.goto('/approve');
    await signIn(page);
    await page.getByLabel('Code', { exact: true }).fill(asked.userCode.toLowerCase());
    expect(await barriersOn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('garage').waitFor();

    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByRole('heading', { name: 'Denied' }).waitFor();

    const told = await fetch(`${household.service.url}/api/v1/device-codes/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ deviceCode: asked.deviceCode }),
    });
    expect(await told.json()).toMatchObject({ code: 'DEVICE_CODE_DENIED' });
    await page.goto('/');
    await page.goto('/approve#WRON-GONE');
    await page.getByRole('alert').filter({ hasText: /\w/ }).waitFor();
    expect(complaints).toEqual([]);
  });
});
