/** That something is somebody else's, who shared it. */
export class SharedDto {
  /** The owner's name. */
  readonly from!: string;
  /** Until when, RFC 3339. */
  readonly until!: string;
  /** Of a snapshot, the apps whose data alone was shared; null for all of it. */
  readonly bundleIds!: string[] | null;
}
