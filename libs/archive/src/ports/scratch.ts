/** A place for files that are taken out of the vault for a while, such as a Manifest.db that SQLite must open. */
export interface Scratch {
  /** Runs `use` with a file that `write` filled. The same `key` is written once and kept for a while. */
  withFile<T>(
    key: string,
    write: (path: string) => Promise<void>,
    use: (path: string) => Promise<T>,
  ): Promise<T>;
}
