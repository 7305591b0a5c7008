import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ADMINISTRATOR,
  PASSWORD,
  freePort,
  makeAgent,
  makeTemporaryFolder,
  setUpHousehold,
  startServiceProcess,
} from '@rootcellar/testkit';
import type { Browser } from 'playwright-core';
import { startOidcProvider } from '../api/oidc-provider.js';
import type { OidcProvider } from '../api/oidc-provider.js';
import { barriersOn } from './accessibility.js';
import { openBrowser, openWindow } from './browser.js';

const closing = new AsyncDisposableStack();
let provider: OidcProvider;
let browser: Browser;
let url: string;
beforeAll(async () => {
  const room = await makeTemporaryFolder('rootcellar provider');
  closing.defer(async () => room.remove());
  const port = await freePort();
  url = `http://localhost:${port}`;
  provider = closing.use(await startOidcProvider(`${url}/sign-in/provider/oidc/callback`));
  const secretFile = join(room.path, 'secret');
  await writeFile(secretFile, provider.clientSecret);
  const service = closing.use(
    await startServiceProcess({
      data: join(room.path, 'data'),
      port,
      env: {
        ROOTCELLAR_OIDC_ISSUER: provider.issuer,
        ROOTCELLAR_OIDC_CLIENT_ID: 'rootcellar',
        ROOTCELLAR_OIDC_CLIENT_SECRET_FILE: secretFile,
        ROOTCELLAR_OIDC_NAME: 'Family Login',
      },
    }),
  );
  await setUpHousehold(makeAgent({ home: join(room.path, 'computer'), url }), service);
  await provider.know({ ada: { name: 'Ada' } });
  browser = await openBrowser();
  closing.defer(async () => browser.close());
});
afterAll(async () => closing.disposeAsync());

describe('another service that says who somebody is', () => {
  it('signs in whoever connected it, and says what to do when nobody did', async () => {
    const { issuer } = provider;
    await using window = await openWindow(browser, url, {}, [issuer]);
    const { page, complaints } = window;
    await page.context().addCookies([{ name: 'person', value: 'ada', url: issuer }]);
    await page.goto('/sign-in?returnTo=/account');
    const withProvider = page.getByRole('link', { name: 'Sign in with Family Login' });
    await withProvider.click();
    await page.getByText(/connected with no account here/).waitFor();
    expect(await barriersOn(page)).toEqual([]);

    await page.goto('/sign-in?returnTo=/account');
    await page.getByLabel('E-mail address').fill(ADMINISTRATOR.email);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('link', { name: 'Connect Family Login' }).click();
    await page.waitForURL(`${url}/account`);
    await page.getByRole('heading', { name: 'Your account' }).waitFor();
    expect(await barriersOn(page)).toEqual([]);

    await page.getByRole('button', { name: 'Sign out', exact: true }).first().click();
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    await page.goto('/sign-in?returnTo=/account');
    await withProvider.click();
    await page.getByRole('heading', { name: 'Your account' }).waitFor();
    expect(page.url()).toBe(`${url}/account`);
    expect(complaints).toEqual([]);
  });
});
