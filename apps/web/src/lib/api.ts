import { createApiClient } from '@rootcellar/client';

/** The service this page came from. The browser adds the session cookie, which no script can read. */
export const api = createApiClient({ baseUrl: window.location.origin });
