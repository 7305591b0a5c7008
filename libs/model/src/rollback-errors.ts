import type { ErrorKind } from './archive-error.js';

/** Codes about rolling an app back: a part of `ERRORS`. */
export const ROLLBACK_ERRORS = {
  PLAN_EXPIRED: [
    'conflict',
    'What the rollback plan rests on has changed, or it is too old. Nothing was done; make the plan again.',
  ],
  PLAN_BLOCKED: [
    'conflict',
    'The rollback plan itself says why it cannot be done. Nothing was done.',
  ],
  KIT_NOT_WRITTEN: [
    'corrupt',
    'What was read does not match what the plan rests on; the kit was not written.',
  ],

  // Carrying a rollback out
  ROLLBACK_STEP_ORDER: [
    'conflict',
    'The step does not follow the one before, or is done already. The run stays where it is.',
  ],
  ROLLBACK_RUNNING: [
    'conflict',
    'Another computer carries this plan out, or did a moment ago. Nothing was done.',
  ],
  ROLLBACK_NOT_INSTALLED: [
    'conflict',
    'The device shows another version than the one that was installed. The run stays where it is.',
  ],
} as const satisfies Record<string, readonly [ErrorKind, string]>;
