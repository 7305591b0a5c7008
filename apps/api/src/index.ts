export { ApiModule } from './api.module.js';
export { configureHttp, openApiDocument } from './configure-http.js';
