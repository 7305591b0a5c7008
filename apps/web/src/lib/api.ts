import { createApiClient } from '@rootcellar/client';

/**
 * The service this page came from. The browser adds the session cookie, which no script can read. A refusal is thrown as `ApiError`, so what
 * comes back is an answer.
 */
export const api = createApiClient({ baseUrl: window.location.origin });

/** What was answered. @throws ApiError */
export async function answered<Answer>(
  asked: Promise<{ readonly data?: Answer }>,
): Promise<Answer> {
  const { data } = await asked;
  // Undefined only where nothing is answered.
  return data as Answer;
}
