/** Where the start of the service reports; the console and most loggers fit. */
export interface StartLog {
  info(message: string): void;
  warn(message: string): void;
}
