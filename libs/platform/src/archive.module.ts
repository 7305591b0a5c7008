import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { Database } from '@rootcellar/catalog';
import type { Archive } from './archive.js';
import type { Logger } from './logging.js';
import type { Watch } from './watch/watch.js';

/** Injection tokens: what the edges may ask for. */
export const ARCHIVE = Symbol('archive');
export const DATABASE = Symbol('database');
export const LOGGER = Symbol('logger');
export const WATCH = Symbol('watch');
export const PUBLIC_URL = Symbol('public URL');

/** Hands the wired archive to Nest. */
@Module({})
export class ArchiveModule {
  static with(parts: {
    archive: Archive;
    database: Database;
    logger: Logger;
    watch: Watch;
    publicUrl: string | undefined;
  }): DynamicModule {
    return {
      module: ArchiveModule,
      global: true,
      providers: [
        { provide: ARCHIVE, useValue: parts.archive },
        { provide: DATABASE, useValue: parts.database },
        { provide: LOGGER, useValue: parts.logger },
        { provide: WATCH, useValue: parts.watch },
        { provide: PUBLIC_URL, useValue: parts.publicUrl },
      ],
      exports: [ARCHIVE, DATABASE, LOGGER, WATCH, PUBLIC_URL],
    };
  }
}
