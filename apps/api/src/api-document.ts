import { NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ArchiveModule, createLogger } from '@rootcellar/platform';
import type { Archive, Watch } from '@rootcellar/platform';
import type { Database } from '@rootcellar/catalog/queries';
import { ApiModule } from './api.module.js';
import { openApiDocument } from './configure-http.js';

/** The OpenAPI document without a service behind it: routes are only described, never called. */
export async function apiDocument(): Promise<OpenAPIObject> {
  const nothing = {} as unknown;
  const parts = {
    archive: nothing as Archive,
    database: nothing as Database,
    watch: nothing as Watch,
    logger: createLogger('error'),
    publicUrl: undefined,
  };

  @Module({ imports: [ArchiveModule.with(parts), ApiModule] })
  class DocumentModule {}

  const app = await NestFactory.create<NestExpressApplication>(DocumentModule, {
    logger: false,
    bodyParser: false,
  });
  try {
    return await openApiDocument(app);
  } finally {
    await app.close();
  }
}
