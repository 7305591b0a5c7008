import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ADMINISTRATOR, PASSWORD } from '@rootcellar/testkit';
import type { Agent } from '@rootcellar/testkit';

/** Signs another computer in as the administrator. */
export async function signInAs(agent: Agent): Promise<void> {
  await mkdir(agent.home, { recursive: true });
  const file = join(agent.home, 'password');
  await writeFile(file, PASSWORD, { mode: 0o600 });
  await agent.ok('login', '--email', ADMINISTRATOR.email, '--password-file', file);
}
