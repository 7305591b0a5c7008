import type { ArchiveFigures } from '@rootcellar/catalog';
import type { Clock } from '@rootcellar/model';
import type { Registry } from 'prom-client';
import { registerGauge } from './gauge.js';

const PACK_STATES = ['uploading', 'live', 'condemned', 'deleting'] as const;

/** What the catalog says of the whole archive. The same in every process. @param figures kept for a while: they cost a query over all packs */
export function registerArchiveGauges(
  registry: Registry,
  clock: Pick<Clock, 'now'>,
  figures: () => Promise<ArchiveFigures>,
): void {
  registerPackGauges(registry, clock, figures);
  registerStorageGauges(registry, figures);
  registerGauge(registry, {
    name: 'rootcellar_upkeep_age_seconds',
    help: 'Since the household that was seen to longest ago was seen to; once an hour is usual.',
    read: async () => secondsSince((await figures()).oldestUpkeepAt, clock),
  });
  registerGauge(registry, {
    name: 'rootcellar_upkeep_alerts',
    help: 'Households where nothing is removed by itself until an administrator has looked.',
    read: async () => [[(await figures()).upkeepAlerts]],
  });
  registerGauge(registry, {
    name: 'rootcellar_uploads_open',
    help: 'Uploads that are open.',
    read: async () => [[(await figures()).openUploads]],
  });
}

function registerPackGauges(
  registry: Registry,
  clock: Pick<Clock, 'now'>,
  figures: () => Promise<ArchiveFigures>,
): void {
  const perState = (what: 'packs' | 'bytes') => async () => {
    const { packs } = await figures();
    return PACK_STATES.map(
      (state) => [packs.find((one) => one.state === state)?.[what] ?? 0, { state }] as const,
    );
  };
  registerGauge(registry, {
    name: 'rootcellar_packs',
    help: 'Packs by state; those that are deleted are left out.',
    labels: ['state'],
    read: perState('packs'),
  });
  registerGauge(registry, {
    name: 'rootcellar_pack_bytes',
    help: 'Bytes of packs by state.',
    labels: ['state'],
    read: perState('bytes'),
  });
  registerGauge(registry, {
    name: 'rootcellar_scrub_age_seconds',
    help: 'Since the live pack that was checked longest ago was read and checked (written, if it never was).',
    read: async () => secondsSince((await figures()).oldestCheckAt, clock),
  });
}

function registerStorageGauges(registry: Registry, figures: () => Promise<ArchiveFigures>): void {
  registerGauge(registry, {
    name: 'rootcellar_storage_bytes',
    help: 'Bytes by the newest day that was noted: logical, stored, needed, bin.',
    labels: ['kind'],
    read: async () =>
      Object.entries((await figures()).storage).map(([kind, bytes]) => [bytes, { kind }] as const),
  });
  registerGauge(registry, {
    name: 'rootcellar_dedup_ratio',
    help: 'Logical bytes by stored bytes: 3 means that a third had to be stored.',
    read: async () => {
      const { logical, stored } = (await figures()).storage;
      return stored === 0 ? [] : [[logical / stored]];
    },
  });
}

function secondsSince(at: Date | undefined, clock: Pick<Clock, 'now'>): [number][] {
  return at === undefined ? [] : [[Math.max(0, clock.now().getTime() - at.getTime()) / 1000]];
}
