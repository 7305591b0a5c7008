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
import {
  authenticate,
  memberActing,
  notLeaving,
  notSignedIn,
  renewSession,
  requireScope,
} from '@rootcellar/archive';
import type { Actor, Principal, Scope } from '@rootcellar/archive';
import { isArchiveError } from '@rootcellar/model';
import { ARCHIVE, PUBLIC_URL, WATCH } from '@rootcellar/platform';
import type { Archive, Watch } from '@rootcellar/platform';
import type { Request, Response } from 'express';
import { FairShare } from './fair-share.js';
import { ownAddress } from './own-address.js';
import { originOfRequest } from './origin-of-request.js';
import { refuseForgery, requireOwnPage } from './same-origin.js';
import { sessionTokenIn, setSessionCookie } from './session-cookie.js';

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

/** The signed-in member, as a parameter of a handler. Who is leaving the household gets no further with a request that may change it. */
export const SignedInActor = createParamDecorator(
  (_: unknown, context: ExecutionContext): Actor => {
    const actor = memberActing(principalIn(context));
    if (!READS.has(context.switchToHttp().getRequest<Request>().method)) notLeaving(actor);
    return actor;
  },
);

const READS = new Set(['GET', 'HEAD']);

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
  readonly #shares = new FairShare();

  constructor(
    @Inject(ARCHIVE) private readonly archive: Archive,
    @Inject(PUBLIC_URL) private readonly publicUrl: string | undefined,
    @Inject(WATCH) private readonly watch: Watch,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const places = [context.getHandler(), context.getClass()];
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const address = ownAddress(request, this.publicUrl);
    // Also where anybody may: whoever is signed in by a page of somebody else's works for them.
    refuseForgery(request, address);
    const why = this.reflector.getAllAndOverride<string | undefined>(OPEN_TO_ALL, places);
    if (why !== undefined) return true;
    const principal = {
      ...(await this.#authenticate(request, response, address)),
      from: originOfRequest(request),
    };
    this.#shares.takeForSignIn(request, response, principal.credentialId);
    principals.set(request, principal);
    const needed = this.reflector.getAllAndOverride<Scope | undefined>(SCOPE, places) ?? 'admin';
    requireScope(principal.scope, needed);
    return true;
  }

  /** A header wins over a cookie, and what is for one is no good in the other. */
  async #authenticate(request: Request, response: Response, address: string): Promise<Principal> {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const [scheme = '', token] = authorization.split(' ');
      const bearer = scheme.toLowerCase() === 'bearer' ? token : undefined;
      return this.#find(bearer, 'token');
    }
    const cookie = sessionTokenIn(request, address);
    const principal = await this.#find(cookie, 'session');
    requireOwnPage(request, address);
    if (principal.renew === true && cookie !== undefined) {
      const fresh = await renewSession(this.archive.people, this.watch.clock, cookie);
      if (fresh !== undefined) setSessionCookie(response, fresh, address);
    }
    return principal;
  }

  async #find(token: string | undefined, kind: Principal['kind']): Promise<Principal> {
    const principal = await authenticate(this.archive.people, token);
    if (principal.kind !== kind) throw notSignedIn();
    return principal;
  }
}

/**
 * Whose browser's sign-in came with a request to a route that is open to all; undefined when none did, or it is no good.
 * @param address the service's own, see `ownAddress`
 */
export async function browserSignIn(
  people: Archive['people'],
  request: Request,
  address: string,
): Promise<Principal | undefined> {
  const token = sessionTokenIn(request, address);
  if (token === undefined) return undefined;
  try {
    const principal = await authenticate(people, token);
    return principal.kind === 'session' ? principal : undefined;
  } catch (error) {
    if (isArchiveError(error, 'NOT_SIGNED_IN')) return undefined;
    throw error;
  }
}
