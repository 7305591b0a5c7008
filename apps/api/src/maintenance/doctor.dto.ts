/** One thing that was looked at. */
export class FindingDto {
  /** Stable. */
  readonly id!: string;
  /** `fail`: it does not work, or data is at risk. `warn`: somebody should see to it. */
  readonly level!: 'ok' | 'warn' | 'fail';
  readonly what!: string;
  /** What follows from it. */
  readonly meaning!: string | null;
  /** What to do about it. */
  readonly remedy!: string | null;
}

/** What is well with the set-up, and what is not. */
export class DoctorDto {
  /** The worst of all. */
  readonly level!: 'ok' | 'warn' | 'fail';
  /** Of the service. */
  readonly version!: string;
  readonly checkedAt!: Date;
  readonly findings!: FindingDto[];
}
