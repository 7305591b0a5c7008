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
import { authenticate, memberActing, notSignedIn, requireScope } from '@rootcellar/archive';
import type { Actor, Principal, Scope } from '@rootcellar/archive';
import { ARCHIVE, PUBLIC_URL } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import type { Request } from 'express';
import { ownAddress } from './own-address.js';
import { originOfRequest } from './origin-of-request.js';
import { sessionTokenIn } from './session-cookie.js';

export const OPEN_TO_ALL = 'open-to-all';
export const SCOPE = 'scope';

/** Lets a route answer without a sign-in, and says why that is right. */
export const OpenToAll = (why: string): ClassDecorator & MethodDecorator =>
  applyDecorators(SetMetadata(OPEN_TO_ALL, why), ApiExtension(`x-${OPEN_TO_ALL}`, why));

/** What a sign-in must be for to come through; a route that says nothing needs the widest, `admin`. */
export const ForScope = (scope: Scope): ClassDecorator & MethodDecorator =>
  applyDecorators(SetMetadata(SCOPE, scope), ApiExtension(`x-${SCOPE}`, scope));

const principals = new WeakMap<object, Principal>();

/** Whose sign-in came with the request; undefined when none did. */
export function principalOf(request: object): Principal | undefined {
  return principals.get(request);
}

/** The signed-in member, as a parameter of a handler. */
export const SignedInActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor =>
  memberActing(principalIn(context)),
);

/** Whoever is signed in, of a household or not, as a parameter of a handler. */
export const SignedIn = createParamDecorator((_: unknown, context: ExecutionContext): Principal =>
  principalIn(context),
);

function principalIn(context: ExecutionContext): Principal {
  const principal = principals.get(context.switchToHttp().getRequest<Request>());
  if (principal === undefined) throw notSignedIn();
  return principal;
}

/** Every route needs a valid sign-in of a scope that is wide enough, unless it says why not. */
@Injectable()
export class SignInGuard implements CanActivate {
  constructor(
    @Inject(ARCHIVE) private readonly archive: Archive,
    @Inject(PUBLIC_URL) private readonly publicUrl: string | undefined,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const places = [context.getHandler(), context.getClass()];
    const why = this.reflector.getAllAndOverride<string | undefined>(OPEN_TO_ALL, places);
    if (why !== undefined) return true;
    const request = context.switchToHttp().getRequest<Request>();
    const principal = {
      ...(await this.#authenticate(request)),
      from: originOfRequest(request),
    };
    principals.set(request, principal);
    const needed = this.reflector.getAllAndOverride<Scope | undefined>(SCOPE, places) ?? 'admin';
    requireScope(principal.scope, needed);
    return true;
  }

  /** A header wins over a cookie, and what is for one is no good in the other. */
  async #authenticate(request: Request): Promise<Principal> {
    const { authorization } = request.headers;
    const [scheme, token] = (authorization ?? '').split(' ');
    const bearer = scheme?.toLowerCase() === 'bearer' ? token : undefined;
    const address = ownAddress(request, this.publicUrl);
    const cookie = authorization === undefined ? sessionTokenIn(request, address) : undefined;
    const principal = await authenticate(this.archive.people, bearer ?? cookie);
    const kind = authorization === undefined ? 'session' : 'token';
    if (principal.kind !== kind) throw notSignedIn();
    return principal;
  }
}
