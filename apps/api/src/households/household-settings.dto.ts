import { IsIn, IsInt, Max, Min, ValidateIf } from 'class-validator';

const MAX_BYTES = 2 ** 50;

export class HouseholdSettingsDto {
  readonly id!: string;
  readonly name!: string;
  /** IANA name; the household's days begin and end by it. */
  readonly timeZone!: string;
  /** Whose chunks sizes are reckoned with when they are told to a member: everybody's, or the member's own. */
  readonly dedup!: 'household' | 'member';
  /** Stored bytes; null without a quota. */
  readonly quotaBytes!: number | null;
}

export class ChangeHouseholdDto {
  @IsIn(['household', 'member'])
  readonly dedup!: 'household' | 'member';
}

export class QuotaDto {
  /** Stored bytes; null takes the quota away. */
  @ValidateIf((dto: QuotaDto) => dto.bytes !== null)
  @IsInt()
  @Min(0)
  @Max(MAX_BYTES)
  readonly bytes!: number | null;
}
