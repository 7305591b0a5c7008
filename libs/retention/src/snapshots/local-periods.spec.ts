import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { periodName } from '../testing/reference-snapshots.js';
import { localPeriods } from './local-periods.js';

const at = (text: string): Date => new Date(text);
const UNITS = ['hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const;

describe('localPeriods', () => {
  it('names periods by the zone’s own calendar', () => {
    const berlin = localPeriods('Europe/Berlin');
    const newYear = at('2026-12-31T23:30:00Z');

    expect(UNITS.map((unit) => berlin[unit](newYear))).toEqual([
      '2027-01-01T00+01:00',
      '2027-01-01',
      '2026-W53',
      '2027-01',
      '2027',
    ]);
  });

  it.each([
    ['2026-11-25', '2026-W48'],
    ['2024-12-30', '2025-W01'],
    ['2021-01-03', '2020-W53'],
    ['2021-01-04', '2021-W01'],
    ['2027-01-03', '2026-W53'],
  ])('puts %s into %s', (day, week) => {
    expect(localPeriods('UTC').weekly(at(`${day}T12:00:00Z`))).toBe(week);
  });

  it('tells the hour that comes twice apart', () => {
    const berlin = localPeriods('Europe/Berlin');

    expect(berlin.hourly(at('2026-10-25T00:30:00Z'))).toBe('2026-10-25T02+02:00');
    expect(berlin.hourly(at('2026-10-25T01:30:00Z'))).toBe('2026-10-25T02+01:00');
    const lordHowe = localPeriods('Australia/Lord_Howe');
    expect(lordHowe.hourly(at('2026-04-04T14:45:00Z'))).toBe('2026-04-05T01+11:00');
    expect(lordHowe.hourly(at('2026-04-04T15:15:00Z'))).toBe('2026-04-05T01+10:30');
  });

  it('knows zones beside the hour and behind UTC', () => {
    const noon = at('2026-11-25T12:00:00Z');

    expect(localPeriods('Asia/Kolkata').hourly(noon)).toBe('2026-11-25T17+05:30');
    expect(localPeriods('America/St_Johns').hourly(noon)).toBe('2026-11-25T08-03:30');
    expect(localPeriods('UTC').hourly(noon)).toBe('2026-11-25T12+00:00');
  });

  it('has a name for every date, however broken the clock', () => {
    for (const zone of ['Europe/Berlin', 'America/New_York', 'Pacific/Kiritimati']) {
      for (const time of [-8.64e15, -62_135_596_800_000, 0, 8.64e15]) {
        const names = UNITS.map((unit) => localPeriods(zone)[unit](new Date(time)));
        expect(names.join()).toMatch(
          /^\d{4}-\d\d-\d\dT\d\d[+-][\d:]+,\d{4}-\d\d-\d\d,\d{4}-W\d\d,\d{4}-\d\d,\d{4}$/u,
        );
      }
    }
  });

  it('agrees with Intl’s calendar on which instants share a period', () => {
    const zones = [
      ...['Europe/Berlin', 'America/New_York', 'America/St_Johns', 'Australia/Lord_Howe'],
      ...['Asia/Kolkata', 'Africa/Casablanca', 'Pacific/Apia', 'America/Sao_Paulo'],
    ];
    const instants = fc.tuple(
      fc.integer({ min: Date.UTC(2005, 0), max: Date.UTC(2040, 0) }),
      fc.oneof(fc.integer({ min: 0, max: 7_200_000 }), fc.integer({ min: 0, max: 864_000_000 })),
    );
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, (zone, [time, later]) => {
        for (const unit of UNITS) {
          const nameOf = (instant: number): string => localPeriods(zone)[unit](new Date(instant));
          expect(nameOf(time) === nameOf(time + later)).toBe(
            periodName(unit, time, zone) === periodName(unit, time + later, zone),
          );
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses a zone that nobody knows', () => {
    expect(() => localPeriods('Middle-earth/Shire')).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });
});
