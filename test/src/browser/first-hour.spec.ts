import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD, makeTemporaryFolder, startServiceProcess } from '@rootcellar/testkit';
import type { ServiceProcess, TemporaryFolder } from '@rootcellar/testkit';
import type { Browser } from 'playwright-core';
import { barriersOn } from './accessibility.js';
import { openBrowser, openWindow } from './browser.js';

let room: TemporaryFolder;
let service: ServiceProcess;
let browser: Browser;
let url: string;
beforeAll(async () => {
  room = await makeTemporaryFolder('rootcellar first hour');
  [service, browser] = await Promise.all([
    startServiceProcess({ data: join(room.path, 'data') }),
    openBrowser(),
  ]);
  url = `http://localhost:${service.port}`;
});
afterAll(async () => {
  await browser.close();
  await service.stop();
  await room.remove();
});

describe('the first hour in the browser', () => {
  it('begins with the printed link, and ends signed in with what is next', async () => {
    const token = (await readFile(service.setupTokenFile, 'utf8')).trim();
    await using window = await openWindow(browser, url, { timezoneId: 'Europe/Berlin' });
    const { page, complaints } = window;
    await page.goto('/');
    await page.getByRole('heading', { name: 'Rootcellar is running' }).waitFor();
    expect(await barriersOn(page)).toEqual([]);

    await page.goto(`/setup#${token}`);
    await page.getByRole('heading', { name: 'Set up Rootcellar' }).waitFor();

    // Out of the address bar at once, shown nowhere.
    expect(page.url()).toBe(`${url}/setup`);
    expect(await page.content()).not.toContain(token);
    expect(await page.getByLabel('Set-up token').count()).toBe(0);
    expect(await page.getByLabel('Time zone').inputValue()).toBe('Europe/Berlin');
    expect(await barriersOn(page)).toEqual([]);

    await page.getByLabel('Name of your household').fill('The Potatoes');
    await page.getByLabel('Your name').fill('Ada');
    await page.getByLabel('E-mail address').fill('ada@example.org');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('Password again').fill('something else');
    await page.getByRole('button', { name: 'Set up' }).click();

    // The first field that is wrong has the focus and says why.
    const again = page.getByLabel('Password again');
    await page.getByText('This is not the same password.').waitFor();
    expect(await again.getAttribute('aria-invalid')).toBe('true');
    expect(await page.locator(':focus').getAttribute('name')).toBe('passwordAgain');
    expect(await barriersOn(page)).toEqual([]);

    await again.fill(PASSWORD);
    await page.getByRole('button', { name: 'Set up' }).click();

    await page.getByRole('heading', { name: 'The Potatoes' }).waitFor();
    await page.getByText(`npx rootcellar login --server ${url}`).waitFor();
    expect(await barriersOn(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('is over for whoever opens the link again', async () => {
    await using window = await openWindow(browser, url);
    const { page, complaints } = window;

    await page.goto('/setup#any-token');

    await page.getByRole('heading', { name: 'Rootcellar is set up already' }).waitFor();
    expect(page.url()).toBe(`${url}/setup`);
    expect(await barriersOn(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
