import { Inject, Injectable, SetMetadata } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Attempt, AttemptKind } from '@rootcellar/archive';
import { isArchiveError } from '@rootcellar/model';
import type { ErrorKind } from '@rootcellar/model';
import { ARCHIVE } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import type { Request } from 'express';
import { concatMap, from, catchError } from 'rxjs';
import type { Observable } from 'rxjs';
import { clientAddress } from './client-address.js';
import { principalOf } from './sign-in.guard.js';

const ATTEMPTS = 'attempts';

/**
 * Slows down who is refused at a route again and again, by network address and by whoever is signed in: for routes where a secret is
 * guessed. Answers 429.
 */
export const LimitAttempts = (kind: AttemptKind): MethodDecorator => SetMetadata(ATTEMPTS, kind);

@Injectable()
export class AttemptsInterceptor implements NestInterceptor {
  constructor(
    @Inject(ARCHIVE) private readonly archive: Archive,
    private readonly reflector: Reflector,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const kind = this.reflector.get<AttemptKind | undefined>(ATTEMPTS, context.getHandler());
    if (kind === undefined) return next.handle();
    const request = context.switchToHttp().getRequest<Request>();
    const about = principalOf(request)?.accountId;
    const attempt = await this.archive.attempts.begin(kind, {
      from: clientAddress(request),
      about,
    });
    return next.handle().pipe(
      concatMap((answer: unknown) => from(attempt.succeeded().then(() => answer))),
      catchError(async (error: unknown) => {
        await giveBackUnlessGuessed(attempt, error);
        throw error;
      }),
    );
  }
}

/** What was not of the right form, or what we could not do, is no guess. */
async function giveBackUnlessGuessed(attempt: Attempt, error: unknown): Promise<void> {
  if (!isArchiveError(error) || !GUESSED.has(error.kind)) await attempt.succeeded();
}

const GUESSED = new Set<ErrorKind>(['not-found', 'forbidden', 'unauthenticated']);
