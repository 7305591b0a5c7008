const DATE_AND_TIME = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'short',
});

/** An instant of the API in words, in the reader's zone and language. */
export function moment(instant: string): string {
  return DATE_AND_TIME.format(new Date(instant));
}
