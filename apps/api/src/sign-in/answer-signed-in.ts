import type { Origin, SignedIn } from '@rootcellar/archive';
import type { Request, Response } from 'express';
import { clientAddress } from '../http/client-address.js';
import { originOfRequest } from '../http/origin-of-request.js';
import { setSessionCookie } from '../http/session-cookie.js';
import type { SignInPlaceDto, SignedInDto } from './sign-in.dto.js';

/** Where a sign-in that was asked for is going to live. */
export interface Place {
  readonly kind: 'session' | 'token';
  readonly computerName: string;
  /** The sender's address. */
  readonly from: string;
  /** For the audit trail. */
  readonly origin: Origin;
}

export function placeOf(request: Request, { as, computerName }: SignInPlaceDto): Place {
  const kind = as === 'cookie' ? 'session' : 'token';
  const unnamed = kind === 'session' ? 'browser' : 'computer';
  const from = clientAddress(request);
  const origin = originOfRequest(request);
  return { kind, computerName: computerName ?? unnamed, from, origin };
}

/**
 * Every sign-in has a new token, and a cookie that came with the request is replaced: nobody can lay one beforehand (session fixation).
 * @param address the service's own, see `ownAddress`
 */
export function answerSignedIn(
  response: Response,
  { accountId, memberId, token }: SignedIn,
  { kind, address }: { readonly kind: Place['kind']; readonly address: string },
): SignedInDto {
  if (kind === 'session') setSessionCookie(response, token, address);
  return {
    ...{ status: 'signed-in', accountId, memberId: memberId ?? null },
    token: kind === 'session' ? null : token,
  };
}
