import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** From `libs/testkit/dist`. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** What `npm start` starts. */
export const SERVICE_SCRIPT = join(ROOT, 'apps/standalone/dist/main.js');
/** What `npx rootcellar` starts. */
export const COMMAND_SCRIPT = join(ROOT, 'apps/cli/bin/rootcellar.mjs');
