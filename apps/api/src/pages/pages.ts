import { randomBytes } from 'node:crypto';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ArchiveError } from '@rootcellar/model';
import type { Request, Response } from 'express';
import { OpenToAll } from '../http/sign-in.guard.js';
import { documentHeaders } from './document-headers.js';
import { loadSite } from './site.js';
import type { Site } from './site.js';

/** Every page of apps/web (router.tsx): one that is opened by its address must be named here. */
const PAGES = ['', 'setup', 'sign-in', 'approve', 'invitation', 'account'];
const NONCE_BYTES = 16;
/** Names hold a hash of the content. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/** For browsers, not a part of the API: hence no `.controller.ts`, after which the generator looks. */
@ApiExcludeController()
@Controller()
@OpenToAll('programs for browsers: the same files for everybody, with nothing of anybody in them')
export class PagesController {
  #site: Promise<Site> | undefined;

  /** One document for all pages: its script reads the address. What follows a # there stays in the browser. */
  @Get(PAGES)
  async page(@Res({ passthrough: true }) response: Response): Promise<string> {
    const site = await this.#loaded();
    const nonce = randomBytes(NONCE_BYTES).toString('base64url');
    response.set(documentHeaders(nonce));
    return site.document(nonce);
  }

  @Get('assets/:name')
  async asset(
    @Param('name') name: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const asset = (await this.#loaded()).asset(name);
    if (asset === undefined) throw new ArchiveError('NOT_FOUND', 'There is no such file.');
    // By our order, the smallest first: browsers name all they know without a preference.
    const form = asset.forms.find(({ encoding }) => request.acceptsEncodings(encoding) !== false);
    response.set({
      'content-type': asset.type,
      'cache-control': FOR_EVER,
      vary: 'accept-encoding',
    });
    if (form !== undefined && form.encoding !== 'identity')
      response.set('content-encoding', form.encoding);
    response.end(form?.bytes);
  }

  /** Read when first asked for: a process that only writes documents of the API needs no pages. */
  async #loaded(): Promise<Site> {
    this.#site ??= loadSite();
    try {
      return await this.#site;
    } catch (error) {
      this.#site = undefined;
      throw error;
    }
  }
}
