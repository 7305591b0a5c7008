import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ArchiveModule, describeListenError, loggable, nestLogger } from '@rootcellar/platform';
import type { Config, Logger, OpenArchive } from '@rootcellar/platform';
import { ApiModule } from './api.module.js';
import { configureHttp } from './configure-http.js';

/**
 * The API on its port, until it is closed: that ends what is still being answered.
 * @throws ArchiveError PORT_TAKEN, CONFIG_INVALID
 */
export async function listen(
  opened: OpenArchive,
  config: Pick<Config, 'port' | 'host' | 'publicUrl' | 'trustedProxies'>,
  logger: Logger,
): Promise<NestExpressApplication> {
  const { port, host, publicUrl } = config;
  const { archive, database, watch } = opened;
  const parts = { archive, database, watch, logger, publicUrl };

  @Module({ imports: [ArchiveModule.with(parts), ApiModule] })
  class ServiceModule {}

  const app = await NestFactory.create<NestExpressApplication>(ServiceModule, {
    logger: nestLogger(logger),
    bodyParser: false,
    abortOnError: false,
    forceCloseConnections: true,
  });
  await configureHttp(app, config);
  try {
    await app.listen(port, host);
  } catch (error) {
    logger.debug(loggable(error), 'cannot listen');
    await app.close();
    throw describeListenError(error, host, port);
  }
  return app;
}

/** `http://127.0.0.1:4470`; an IPv6 address in brackets. */
export function addressOf({ host, port }: Pick<Config, 'port' | 'host'>): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
