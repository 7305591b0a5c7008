/** How long each of many calls took, and all of them together. */
export interface Timed {
  readonly milliseconds: readonly number[];
  readonly seconds: number;
}

/** Works through `inputs`, so many at a time. */
export async function timed<Input>(
  inputs: readonly Input[],
  atATime: number,
  work: (input: Input) => Promise<unknown>,
): Promise<Timed> {
  const milliseconds: number[] = [];
  const left = inputs.values();
  const start = performance.now();
  const worker = async (): Promise<void> => {
    for (const input of left) {
      const begun = performance.now();
      await work(input);
      milliseconds.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return { milliseconds, seconds: (performance.now() - start) / 1000 };
}

export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
