import { ArchiveError } from '@rootcellar/model';
import { requireMayRemove } from '../people/may.js';
import { doerOf } from '../people/origin-of.js';
import type { AppCatalog, AppLink } from '../ports/app-catalog.js';
import type { Actor } from '../ports/people-catalog.js';
import { requireIosApp } from './require-ios-app.js';
import { linkedBundleIds } from './order-timeline.js';

/** Says that an app goes on under another bundle id: both have one timeline from then on. */
export class AppLinks {
  readonly #apps: AppCatalog;

  constructor(apps: AppCatalog) {
    this.#apps = apps;
  }

  /**
   * @param to what the app goes on as; `undefined` takes the link back
   * @throws ArchiveError FORBIDDEN, NOT_FOUND (of one of both the actor may read nothing), INPUT_INVALID (they are one app already), PACKAGE_NOT_FOR_IOS
   */
  async set(actor: Actor, bundleId: string, to: string | undefined): Promise<void> {
    requireMayRemove(actor);
    requireIosApp(bundleId);
    if (to !== undefined) requireIosApp(to);
    const links = await this.#apps.links(actor.householdId);
    const was = links.find((link) => link.bundleId === bundleId)?.to;
    const asked = to ?? was;
    const from = await this.#apps.reach(actor, bundleId);
    if (!from.readable) throw notThere();
    if (asked === undefined) return;
    const onward = await this.#apps.reach(actor, asked);
    // A link to what the actor may not know of is none to them.
    if (!onward.readable && to === undefined) return;
    if (!onward.readable) throw notThere();
    const by = {
      ...doerOf(actor),
      // What only some have on their devices is not told to administrators.
      private: !from.householdWide || !onward.householdWide,
    };
    if (to === undefined) {
      await this.#apps.removeLink(actor.householdId, { bundleId, to: asked }, by);
      return;
    }
    const others = links.filter((link) => link.bundleId !== bundleId);
    if (linkedBundleIds(to, await this.#readable(actor, to, others)).includes(bundleId)) {
      throw new ArchiveError(
        'INPUT_INVALID',
        'These bundle ids are one app already, the other way round or by way of others. Nothing was changed.',
        { hint: 'Take the other link back first: `rootcellar app link <old> --undo`.' },
      );
    }
    await this.#apps.setLink(actor.householdId, { bundleId, to }, by);
  }

  /** Those of the links around an app both ends of which the actor may know of: the others must not show by what is refused. */
  async #readable(
    actor: Actor,
    around: string,
    links: readonly AppLink[],
  ): Promise<readonly AppLink[]> {
    const readable = new Set<string>();
    for (const id of linkedBundleIds(around, links))
      if ((await this.#apps.reach(actor, id)).readable) readable.add(id);
    return links.filter((link) => readable.has(link.bundleId) && readable.has(link.to));
  }
}

function notThere(): ArchiveError {
  return new ArchiveError(
    'NOT_FOUND',
    'Of one of these apps nothing is kept, and no device of yours was seen with it. Nothing was changed.',
    { hint: '`rootcellar app list` shows the apps of which packages are kept.' },
  );
}
