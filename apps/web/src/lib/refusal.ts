import { ApiError } from '@rootcellar/client';

/** Why something did not happen, for people. */
export interface Refusal {
  /** Of a field, by its name. */
  readonly faults: Readonly<Record<string, string>>;
  /** Of the whole; undefined when the faults say it all. */
  readonly problem: string | undefined;
  readonly code: string | undefined;
}

const NO_ANSWER =
  'No answer came. Look whether Rootcellar still runs and this device is connected, then try again.';

/**
 * Words for a failed call. Validation names the property each of its sentences is about: they go to the fields of that name.
 * @param fields names of the form's fields
 */
export function refusalOf(error: unknown, fields: readonly string[] = []): Refusal {
  if (!(error instanceof ApiError)) return { faults: {}, problem: NO_ANSWER, code: undefined };
  const { code, detail, hint = '', status, requestId } = error.problem;
  const said = `${detail} ${hint}`.trim();
  const faults = code === 'INPUT_INVALID' ? faultsIn(detail, fields) : {};
  if (code === 'PASSWORD_WEAK' && fields.includes('password')) faults['password'] = said;
  if (Object.keys(faults).length > 0) return { faults, problem: undefined, code };
  const inLog =
    status >= 500 && requestId !== undefined ? ` In the log this is request ${requestId}.` : '';
  return { faults, problem: `${said}${inLog}`, code };
}

function faultsIn(detail: string, fields: readonly string[]): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const sentence of detail.split('; ')) {
    const field =
      fields.find((each) => sentence.startsWith(`${each} `)) ??
      fields.find((each) => each === 'password' && /password/i.test(sentence));
    if (field === 'email') faults[field] = NO_ADDRESS;
    else if (field !== undefined) faults[field] = sentence;
  }
  return faults;
}

export const NO_ADDRESS = 'This is not an e-mail address. One looks like ada@example.org.';
