import type { Run } from './run-command.js';

export const PROGRAM_NAMES = ['ours', 'restic', 'borg'] as const;
export type ProgramName = (typeof PROGRAM_NAMES)[number];

/** A program under test. */
export interface BackupProgram {
  readonly name: ProgramName;
  /** What it says of itself, or undefined when it is not there. */
  version(): Promise<string | undefined>;
  /** How to get it. */
  readonly hint: string;
  /** Sets up an empty archive below `room`, a folder of its own. */
  open(room: string): Promise<OpenArchive>;
}

/** An archive of one program. Every command runs whole: program start, sign-in and all. */
export interface OpenArchive {
  readonly name: ProgramName;
  /** Where all it keeps lies; read once before a restore is timed. */
  readonly storage: string;
  /** Backs up a folder of that path as its user would every day. */
  backUp(folder: string): Promise<Run>;
  /** Puts the newest backup of `folder` below `target`. */
  restore(folder: string, target: string): Promise<Restored>;
  addPackages(folder: string): Promise<Run>;
  /** Bytes of all files the archive keeps; a service's database, a cache that can be rebuilt, is left out. */
  storedBytes(): Promise<number>;
  /** Peak memory of a service behind the command; undefined where there is none. */
  serverPeakBytes(): number | undefined;
  close(): Promise<void>;
}

export interface Restored {
  readonly run: Run;
  /** The restored copy of the folder. */
  readonly folder: string;
}
