import {
  Inject,
  Injectable,
  SetMetadata,
  applyDecorators,
  createParamDecorator,
} from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiExtension } from '@nestjs/swagger';
import { authenticate } from '@rootcellar/archive';
import type { Actor } from '@rootcellar/archive';
import { ArchiveError } from '@rootcellar/model';
import { ARCHIVE } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import type { Request } from 'express';

export const OPEN_TO_ALL = 'open-to-all';

/** Lets a route answer without a sign-in, and says why that is right. */
export const OpenToAll = (why: string): ClassDecorator & MethodDecorator =>
  applyDecorators(SetMetadata(OPEN_TO_ALL, why), ApiExtension(`x-${OPEN_TO_ALL}`, why));

const actors = new WeakMap<object, Actor>();

/** Who signed in with the request; undefined when nobody did. */
export function actorOf(request: object): Actor | undefined {
  return actors.get(request);
}

/** The signed-in member, as a parameter of a handler. */
export const SignedInActor = createParamDecorator(
  (_: unknown, context: ExecutionContext): Actor => {
    const actor = actors.get(context.switchToHttp().getRequest<Request>());
    if (actor === undefined) throw new ArchiveError('NOT_SIGNED_IN', 'This needs a sign-in.');
    return actor;
  },
);

/** Every route needs a valid token unless it says why not. */
@Injectable()
export class SignInGuard implements CanActivate {
  constructor(
    @Inject(ARCHIVE) private readonly archive: Archive,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const why = this.reflector.getAllAndOverride<string | undefined>(OPEN_TO_ALL, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (why !== undefined) return true;
    const request = context.switchToHttp().getRequest<Request>();
    const [scheme, token] = (request.headers.authorization ?? '').split(' ');
    const actor = await authenticate(
      this.archive.people,
      scheme?.toLowerCase() === 'bearer' ? token : undefined,
    );
    actors.set(request, actor);
    return true;
  }
}
