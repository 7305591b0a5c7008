export { ApiModule } from './api.module.js';
export { configureHttp, openApiDocument } from './configure-http.js';
export { drain } from './drain.js';
export { addressOf, listen } from './listen.js';
