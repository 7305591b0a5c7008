import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ARCHIVE } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import type { Response } from 'express';
import { OpenToAll } from '../http/sign-in.guard.js';
import { loadPage } from './page.js';

const HOME = loadPage({ title: 'Rootcellar', body: 'home.html', scripts: ['commands.js'] });
const SETUP = loadPage({
  title: 'Set up Rootcellar',
  body: 'setup.html',
  scripts: ['commands.js', 'setup.js'],
});

/** For browsers, not a part of the API: hence no `.controller.ts`, after which the generator looks. */
@ApiExcludeController()
@Controller()
@OpenToAll('they come before any sign-in, and tell nothing but whether the service is set up')
export class PagesController {
  constructor(@Inject(ARCHIVE) private readonly archive: Archive) {}

  /** That it runs, and what is next. */
  @Get()
  async home(@Res({ passthrough: true }) response: Response): Promise<string> {
    response.set(HOME.headers);
    return HOME.html((await this.archive.people.hasAdministrator()) ? 'ready' : 'new');
  }

  /** What the link of the first start opens. What follows its # stays in the browser. */
  @Get('setup')
  async setup(@Res({ passthrough: true }) response: Response): Promise<string> {
    response.set(SETUP.headers);
    return SETUP.html((await this.archive.people.hasAdministrator()) ? 'done' : 'form');
  }
}
