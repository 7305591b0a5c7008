import { describe, expect, it } from '@jest/globals';
import { isInWindow, parseUpkeepWindow } from './upkeep-window.js';

const at = (time: string): Date => new Date(`2026-11-25T${time}:00Z`);

describe('a window of upkeep', () => {
  it.each([
    ['02:00-06:00', '00:59', false],
    ['02:00-06:00', '01:00', true],
    ['02:00-06:00', '04:59', true],
    ['02:00-06:00', '05:00', false],
    ['22:30-01:00', '21:29', false],
    ['22:30-01:00', '21:30', true],
    ['22:30-01:00', '23:59', true],
    ['22:30-01:00', '00:00', false],
  ])('%s in Berlin, at %s UTC: %s', (window, time, inside) => {
    expect(isInWindow(parseUpkeepWindow(window), at(time), 'Europe/Berlin')).toBe(inside);
  });

  it.each(['', '2-6', '02:00-02:00', '25:00-26:00', '02:00–06:00', '02:60-03:00'])(
    'is not %p',
    (text) => {
      expect(() => parseUpkeepWindow(text)).toThrow(
        expect.objectContaining({ code: 'CONFIG_INVALID' }),
      );
    },
  );
});
