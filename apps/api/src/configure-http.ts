import { HttpStatus, ValidationPipe } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { LOGGER, PUBLIC_URL, WATCH } from '@rootcellar/platform';
import type { Config, Logger, Watch } from '@rootcellar/platform';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import metadata from './generated/openapi-metadata.js';
import { clientAddress } from './http/client-address.js';
import { FairShare } from './http/fair-share.js';
import { noteRequests } from './http/note-requests.js';
import { OPEN_TO_ALL } from './http/sign-in.guard.js';
import { plainInput } from './http/plain-input.pipe.js';
import { secureHeaders } from './http/secure-headers.js';

const JSON_MAX_BYTES = 256 * 1024;
/** Browsers send a dozen, proxies add some. */
const HEADERS_MAX = 100;
const HEADERS_MS = 60_000;

/** Everything about HTTP that is not a route. Create the application with `bodyParser: false`: bulk routes read the raw request. */
export async function configureHttp(
  app: NestExpressApplication,
  { trustedProxies }: Pick<Config, 'trustedProxies'>,
): Promise<void> {
  // Whoever is not named here may say in X-Forwarded-For what they like.
  app.set('trust proxy', trustedProxies ?? false);
  app.use(noteRequests(app.get<Watch>(WATCH), app.get<Logger>(LOGGER)));
  app.use(secureHeaders(app.get<string | undefined>(PUBLIC_URL)));
  app.use(shareByAddress());
  app.useBodyParser('json', { limit: JSON_MAX_BYTES });
  app.disable('x-powered-by');
  app.useGlobalPipes(
    plainInput,
    new ValidationPipe({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      errorHttpStatusCode: HttpStatus.UNPROCESSABLE_ENTITY,
    }),
  );
  const document = await openApiDocument(app);
  SwaggerModule.setup('api/docs', app, document, { jsonDocumentUrl: 'api/openapi.json' });
  const server = app.getHttpServer();
  // A push over a slow line takes as long as it takes; bodies have their own limit on silence.
  server.requestTimeout = 0;
  server.headersTimeout = HEADERS_MS;
  server.maxHeadersCount = HEADERS_MAX;
  server.keepAliveTimeout = 65_000;
}

function shareByAddress(): RequestHandler {
  const shares = new FairShare();
  return (request: Request, response: Response, next: NextFunction): void => {
    try {
      shares.takeForAddress(request, response, clientAddress(request));
      next();
    } catch (error) {
      next(error);
    }
  };
}

export async function openApiDocument(app: NestExpressApplication): Promise<OpenAPIObject> {
  await SwaggerModule.loadPluginMetadata(metadata);
  const config = new DocumentBuilder()
    .setTitle('Rootcellar')
    .setDescription(
      'Keeps every version of the apps and backups a household cares about. Errors are RFC 9457 problem details with a `code` (docs/errors.md).',
    )
    .setVersion('1')
    .addBearerAuth()
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, config, { operationIdFactory });
  openDoors(document);
  return document;
}

/** What needs no sign-in must say so in the document as well. */
function openDoors(document: OpenAPIObject): void {
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path as Readonly<Record<string, unknown>>)) {
      if (typeof operation === 'object' && operation !== null && `x-${OPEN_TO_ALL}` in operation)
        Object.assign(operation, { security: [] });
    }
  }
}

/** `SnapshotsController.list` → `snapshotsList`: ids are names in generated clients, so they must differ. */
function operationIdFactory(controller: string, method: string): string {
  const name = controller.replace(/Controller$/, '');
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}${method.charAt(0).toUpperCase()}${method.slice(1)}`;
}
