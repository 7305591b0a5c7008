import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SeenVersion } from '../ports/app-catalog.js';
import { mergeVersions } from './merge-versions.js';
import { linkedBundleIds, orderTimeline, placeBySubscription } from './order-timeline.js';

const link = (bundleId: string, to: string): { bundleId: string; to: string } => ({ bundleId, to });
const seen = (bundleId: string, version: string, externalVersionId?: string): SeenVersion =>
  ({ bundleId, version, build: undefined, externalVersionId }) as unknown as SeenVersion;
const ordered = (all: readonly SeenVersion[], bundleIds: readonly string[]) =>
  orderTimeline(mergeVersions([], all), { bundleIds, storeLists: [] });

describe('linked bundle ids', () => {
  it('are one app from either end, what it went on as behind it', () => {
    const links = [link('c', 'd'), link('a', 'b'), link('b', 'c'), link('x', 'y')];

    for (const one of ['a', 'b', 'c', 'd'])
      expect(linkedBundleIds(one, links)).toEqual(['a', 'b', 'c', 'd']);
    expect(linkedBundleIds('alone', links)).toEqual(['alone']);
  });

  it('end, whatever is linked with what', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(id, id).map(([from, to]) => link(from, to))),
        id,
        (links, of) => {
          const found = linkedBundleIds(of, links);

          expect(found).toContain(of);
          expect(new Set(found).size).toBe(found.length);
        },
      ),
    );
  });
});

describe('a timeline', () => {
  it('has the versions of what an app was before those of what it became', () => {
    const versions = ordered(
      [seen('new', '1.0'), seen('old', '9.0'), seen('old', '8.0')],
      ['old', 'new'],
    );

    expect(versions.map(({ bundleId, version }) => `${bundleId} ${version ?? ''}`)).toEqual([
      ...['old 8.0', 'old 9.0', 'new 1.0'],
    ]);
  });

  it('keeps 3,000 versions of one app in order', () => {
    const all = Array.from({ length: 3000 }, (_, at) =>
      seen('app', `1.${String(at)}`, String(830_000 + at)),
    );

    expect(ordered(all.toReversed(), ['app']).map(({ version }) => version)).toEqual(
      all.map(({ version }) => version),
    );
  });
});

describe('the place of a version by the subscription', () => {
  const places = (
    all: readonly SeenVersion[],
    bundleIds: readonly string[],
    from: readonly [string, string],
  ) => {
    const versions = ordered(all, bundleIds);
    const found = placeBySubscription(versions, new Map([from]));
    return versions.map(({ key }) => found.get(key));
  };
  const three = [seen('a', '3.9'), seen('a', '4.0'), seen('a', '4.1')];

  it('is told from the version that was named', () => {
    expect(places(three, ['a'], ['a', '4.0'])).toEqual(['before', 'from-here', 'after']);
  });

  it('is told also when that version is not known', () => {
    expect(places(three, ['a'], ['a', '3.95'])).toEqual(['before', 'after', 'after']);
  });

  it('goes over to linked bundle ids', () => {
    const all = [seen('old', '9'), ...three];

    expect(places(all, ['old', 'a'], ['a', '4.0'])).toEqual([
      ...['before', 'before', 'from-here', 'after'],
    ]);
    expect(places(all, ['old', 'a'], ['old', '9'])).toEqual([
      ...['from-here', 'after', 'after', 'after'],
    ]);
  });

  it('is nothing of an app of which nothing was said', () => {
    expect(places(three, ['a'], ['other', '1'])).toEqual([undefined, undefined, undefined]);
  });
});
