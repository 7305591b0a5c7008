/** Something that reads bytes from outside. It may refuse them with an ArchiveError; it may not fail in any other way. */
export interface Target {
  readonly name: string;
  /** Well-formed inputs, made by the project's own builders. */
  readonly seeds: readonly Uint8Array[];
  /** Reads everything there is to read. */
  readonly run: (input: Buffer) => unknown;
}
