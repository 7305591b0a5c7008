import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';

export const PAGE_LIMIT = 100;

/** Which page of a list. */
export class PageQueryDto {
  /** `nextCursor` of the page before. */
  @IsOptional()
  @IsUUID()
  readonly cursor?: string;

  /** Items a page, 1 to 1000. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  readonly limit?: number;
}

/** A page of a list; `nextCursor` is null on the last. */
export class PageDto {
  readonly nextCursor!: string | null;
}
