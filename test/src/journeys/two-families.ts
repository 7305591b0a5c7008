import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildBackup } from '@rootcellar/ios/testing';
import { PASSWORD, openHousehold } from '@rootcellar/testkit';
import type { Agent, Answer, Household } from '@rootcellar/testkit';

export const NOTES = 'com.example.notes';

/** A device as it is when it is backed up. */
export interface MadeDevice {
  /** The end of its UDID. */
  readonly number: number;
  readonly name: string;
  readonly takenAt?: string;
  readonly note?: string | Buffer;
}

/**
 * Two households of one server, each person at a computer of their own. Test: Ada (administrator, operator), Bob, and
 * Kim, a child. Valley: Bob again (administrator), Dora (administrator) and Eli.
 */
export interface TwoFamilies {
  readonly household: Household;
  readonly ada: Agent;
  readonly bob: Agent;
  readonly kim: Agent;
  readonly dora: Agent;
  readonly eli: Agent;
}

export async function openTwoFamilies(): Promise<TwoFamilies> {
  await using opening = new AsyncDisposableStack();
  const household = await openHousehold();
  opening.defer(async () => household.close());
  const ada = household.agent;
  const invited = async (by: Agent, name: string, role: string): Promise<Agent> => {
    const { link } = await by.ok('member', 'invite', '--name', name, '--role', role);
    const agent = household.newAgent(name);
    const invitation = await keepIn(household, `invitation of ${name}`, link);
    const password = await keepIn(household, 'password', PASSWORD);
    await agent.ok(
      ...['join', '--invitation-file', invitation, '--name', name],
      ...['--email', `${name.toLowerCase()}@example.org`, '--password-file', password],
    );
    return agent;
  };
  const bob = await invited(ada, 'Bob', 'member');
  const kim = await invited(ada, 'Kim', 'limited');
  const { link } = await ada.ok('household', 'create', 'Valley', '--time-zone', 'UTC');
  await bob.ok('join', '--invitation-file', await keepIn(household, 'to Valley', link));
  await bob.ok('household', 'use', 'Valley');
  const dora = await invited(bob, 'Dora', 'admin');
  const eli = await invited(bob, 'Eli', 'member');
  await bob.ok('household', 'use', 'Test');
  opening.move();
  return { household, ada, bob, kim, dora, eli };
}

/** A file for its owner's eyes alone, as a secret is handed in. @returns its path */
async function keepIn(household: Household, name: string, text: string): Promise<string> {
  const path = join(household.room, name);
  await writeFile(path, `${text}\n`, { mode: 0o600 });
  return path;
}

let backups = 0;
/** A small backup: one app's note and the messages. @returns its folder */
export async function backUp(
  { household }: TwoFamilies,
  { number, name, takenAt = '2026-01-01T10:00:00Z', note = 'a note' }: MadeDevice,
): Promise<string> {
  backups += 1;
  const { folder } = await buildBackup(join(household.room, `backup ${String(backups)}`), {
    udid: `00008110-${String(number).padStart(16, '0')}`,
    ...{ deviceName: name, takenAt: new Date(takenAt), apps: [{ bundleId: NOTES }] },
    files: [
      { domain: `AppDomain-${NOTES}`, path: 'Documents/note.txt', content: note },
      { domain: 'HomeDomain', path: 'Library/SMS/sms.db', content: `messages of ${name}` },
    ],
  });
  return folder;
}

/** How a command was refused: its exit code and the error's. */
export async function refusal(
  agent: Agent,
  ...command: readonly string[]
): Promise<readonly [number | null, string]> {
  const end = await agent.run(...command);
  return [end.code, end.code === 0 ? 'not refused' : end.json().error.code];
}

/** What a list names, in its order: devices of snapshots, else things by their own name. */
export async function names(agent: Agent, ...command: readonly string[]): Promise<string[]> {
  const { items } = await agent.ok(...command);
  return items.map(({ deviceName, name }: Partial<Answer>) => deviceName ?? name ?? '');
}
