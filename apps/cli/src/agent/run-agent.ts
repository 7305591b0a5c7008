import { isArchiveError } from '@rootcellar/model';
import type { Context } from '../context.js';
import { rest } from '../watch/alarm.js';
import { distinctFolders, watchFolders } from '../watch/watch-folders.js';
import type { WatchSettings } from '../watch/watch-folder.js';
import { readAgentConfig } from './agent-config.js';

/** What the system starts: watches what the settings say until it is stopped, whoever is signed in, also when that changes. */
export async function runAgent(context: Context, settings: WatchSettings): Promise<void> {
  const { signal } = context.world;
  const config = await readAgentConfig(context.configFolder);
  const folders = distinctFolders(config.folders);
  const used = context.named(config.profile);
  let asked = false;
  while (!signal.aborted) {
    try {
      await watchFolders(used, folders, { ...settings, backups: config.backups });
    } catch (error) {
      if (!isArchiveError(error, 'NOT_SIGNED_IN', 'WATCH_OTHER_SIGN_IN')) throw error;
      if (error.code === 'NOT_SIGNED_IN' && !asked) {
        asked = true;
        context.output.error(`${error.message} The agent waits. ${error.hint ?? ''}`);
      }
      await rest(error.code === 'NOT_SIGNED_IN' ? settings.pauses.firstMs : 0, signal);
    }
  }
}
