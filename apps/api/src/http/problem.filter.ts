import { Catch, Inject } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { LOGGER, loggable } from '@rootcellar/platform';
import type { Logger } from '@rootcellar/platform';
import type { Request, Response } from 'express';
import { originOf } from './request-id.js';
import { toProblem } from './problem.js';
import { answerUnread } from './answer-unread.js';

/** The one place where errors become HTTP. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const origin = originOf(request);
    const problem = toProblem(error, origin.requestId);
    const line = { ...origin, method: request.method, status: problem.status, ...loggable(error) };
    if (problem.status >= 500) this.logger.error(line, 'request failed');
    else this.logger.debug(line, 'request refused');
    if (response.headersSent) {
      // Too late for a problem document: the client must see that the answer is not whole, unless it was told in the answer itself.
      if (!response.writableEnded) response.destroy();
      return;
    }
    const wait = problem.details?.['retryAfterSeconds'];
    if (typeof wait === 'number') response.set('retry-after', String(wait));
    response.status(problem.status).type('application/problem+json');
    void answerUnread(request, response, Buffer.from(JSON.stringify(problem)));
  }
}
