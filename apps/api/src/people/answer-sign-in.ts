import type { SignedIn } from '@rootcellar/archive';
import type { Response } from 'express';
import { setSessionCookie } from '../http/session-cookie.js';
import type { NewSignInDto } from './new-sign-in.dto.js';

/** @param browser whose cookie the sign-in becomes; without one, its token is told */
export function answerSignIn(
  { accountId, memberId, token }: SignedIn,
  browser: { readonly response: Response; readonly address: string } | undefined,
): NewSignInDto {
  if (browser !== undefined) setSessionCookie(browser.response, token, browser.address);
  return {
    status: 'signed-in',
    accountId,
    memberId: memberId ?? null,
    token: browser === undefined ? token : null,
  };
}
