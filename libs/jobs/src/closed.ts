const FAREWELL_MS = 10_000;
/** Longer than the pause between two attempts to connect: the next one sees that nobody waits for it. */
const GIVING_UP_MS = 6_000;

/**
 * Closes one end of a queue. What does not heed its signal, and a queue that is gone, are not waited for longer: such a job is taken for
 * stalled and goes to the next worker.
 */
export async function closed(
  end: { close(): Promise<void>; disconnect(): Promise<void> },
  givenUp: AbortController,
  farewellMs = FAREWELL_MS,
): Promise<void> {
  const closing = end.close();
  if (await settles(closing, farewellMs)) return;
  givenUp.abort();
  await settles(Promise.all([closing, end.disconnect()]), GIVING_UP_MS);
}

/** Whether it is fulfilled within the time. */
async function settles(promise: Promise<unknown>, withinMs: number): Promise<boolean> {
  const { promise: answer, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, withinMs, false);
  promise.then(
    () => resolve(true),
    () => resolve(false),
  );
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
  }
}
