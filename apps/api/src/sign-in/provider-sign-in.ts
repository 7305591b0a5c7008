import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { isArchiveError } from '@rootcellar/model';
import { ARCHIVE, PUBLIC_URL } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import type { Request, Response } from 'express';
import { ownAddress } from '../http/own-address.js';
import { localPath } from '../http/same-origin.js';
import { setSessionCookie } from '../http/session-cookie.js';
import { OpenToAll, browserSignIn } from '../http/sign-in.guard.js';
import { placeOf } from './answer-signed-in.js';
import { clearTicket, setTicket, ticketIn } from './provider-ticket.js';

/** For browsers, not a part of the API: hence no `.controller.ts`, after which the generator looks. */
@ApiExcludeController()
@Controller('sign-in/provider')
@OpenToAll('this is how one signs in')
export class ProviderSignInController {
  constructor(
    @Inject(ARCHIVE) private readonly archive: Archive,
    @Inject(PUBLIC_URL) private readonly publicUrl: string | undefined,
  ) {}

  /**
   * Sends the browser to the provider. `link=1` connects the account that is signed in, when a page of ours asks: a link from elsewhere could
   * connect it with somebody else's identity.
   */
  @Get(':id')
  async begin(
    @Param('id') providerId: string,
    @Query() { returnTo, link }: Readonly<Record<string, unknown>>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const address = ownAddress(request, this.publicUrl);
    const own = request.headers['sec-fetch-site'] === 'same-origin';
    const by =
      link === '1' && own ? await browserSignIn(this.archive.people, request, address) : undefined;
    if (link === '1' && by === undefined) {
      response.redirect(302, '/sign-in?problem=NOT_SIGNED_IN');
      return;
    }
    await orSignInPage(response, async () => {
      const { url, ticket } = await this.archive.providerSignIn.begin({
        ...{ providerId, returnTo: localPath(returnTo), linkTo: by?.accountId },
        redirectUri: callbackOf(address, providerId),
      });
      setTicket(response, ticket, address);
      return url;
    });
  }

  /** Where the provider sends the browser back to. */
  @Get(':id/callback')
  async finish(
    @Param('id') providerId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const address = ownAddress(request, this.publicUrl);
    const query = URL.parse(request.originalUrl, address)?.search ?? '';
    clearTicket(response, address);
    await orSignInPage(response, async () => {
      const { signedIn, returnTo } = await this.archive.providerSignIn.finish({
        ...{ providerId, ticket: ticketIn(request, address) },
        callback: new URL(`${callbackOf(address, providerId)}${query}`),
        by: await browserSignIn(this.archive.people, request, address),
        ...placeOf(request, { as: 'cookie' }),
      });
      if (signedIn !== undefined) setSessionCookie(response, signedIn.token, address);
      return localPath(returnTo);
    });
  }
}

function callbackOf(address: string, providerId: string): string {
  return `${address}/sign-in/provider/${encodeURIComponent(providerId)}/callback`;
}

/** A person looks at this: what went wrong is told on the sign-in page, by its code. */
async function orSignInPage(response: Response, work: () => Promise<string>): Promise<void> {
  try {
    response.redirect(302, await work());
  } catch (error) {
    if (!isArchiveError(error)) throw error;
    response.redirect(302, `/sign-in?problem=${error.code}`);
  }
}
