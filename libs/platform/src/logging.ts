import type { LoggerService } from '@nestjs/common';
import { isArchiveError } from '@rootcellar/model';
import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import type { LogLevel } from './config/env.dto.js';
import { CENSOR, SECRET_PATHS, withoutSecretForms, withoutSecretTypes } from './redact.js';

export type { Logger } from 'pino';

/**
 * JSON lines on standard error. Never given tokens, passwords, names of files or people; should that happen all the same, they are taken
 * out by name, type and form.
 */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRET_PATHS, censor: CENSOR },
      formatters: { log: withoutSecretTypes },
      hooks: { streamWrite: withoutSecretForms },
    },
    destination ?? pino.destination({ dest: 2, sync: true }),
  );
}

/** Nest's own messages through the same logger; its start-up chatter only at `debug`. */
export function nestLogger(logger: Logger): LoggerService {
  const text = (message: unknown): string =>
    typeof message === 'string' ? message : JSON.stringify(message);
  return {
    log: (message: unknown) => logger.debug(text(message)),
    debug: (message: unknown) => logger.debug(text(message)),
    verbose: (message: unknown) => logger.debug(text(message)),
    warn: (message: unknown) => logger.warn(text(message)),
    error: (message: unknown, stack?: unknown) => logger.error({ stack }, text(message)),
    fatal: (message: unknown) => logger.fatal(text(message)),
  };
}

/**
 * What may be logged of an error: our own errors by code, others (faults of ours) with their stack. Other fields are left out: a failed
 * query, for example, carries its parameters.
 */
export function loggable(error: unknown): Record<string, unknown> {
  if (isArchiveError(error))
    return {
      code: error.code,
      details: error.details,
      message: error.message,
      cause: causeOf(error),
    };
  return { fault: faultOf(error) };
}

function causeOf(error: Error): unknown {
  return error.cause === undefined ? undefined : faultOf(error.cause);
}

function faultOf(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error;
  const code = 'code' in error ? error.code : undefined;
  return { name: error.name, code, message: error.message, stack: error.stack };
}
