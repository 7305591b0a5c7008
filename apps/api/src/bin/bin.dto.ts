import { IsArray, IsBoolean, IsOptional, IsString, MaxLength, ArrayMaxSize } from 'class-validator';
import { PageDto } from '../http/page.dto.js';

const NAMES_MAX = 1000;
const NAME_MAX_LENGTH = 400;

/** Names that are typed to agree to a large removal. */
export class ConfirmDto {
  /** What `confirmations` asks for, by name. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(NAMES_MAX)
  @IsString({ each: true })
  @MaxLength(NAME_MAX_LENGTH, { each: true })
  readonly confirm?: string[];
}

export class ForgetDto extends ConfirmDto {
  /** Only says what would happen. */
  @IsOptional()
  @IsBoolean()
  readonly dryRun?: boolean;
}

/** A removal so large that somebody must agree to it by a name. */
export class ConfirmationDto {
  readonly reason!: 'more-than-half' | 'last-version';
  /** The household's name, or the app's bundle id. */
  readonly name!: string;
}

export class ForgottenItemDto {
  readonly id!: string;
  /** The device's name and the backup's date, or the app and its version. */
  readonly name!: string;
  /** Stored bytes that come back when it is gone and collected. */
  readonly freedBytes!: number;
}

/** What went to the bin, or would go. */
export class ForgottenDto {
  readonly items!: ForgottenItemDto[];
  readonly freedBytes!: number;
  /** Undo is possible until then. */
  readonly goneAfter!: Date;
  readonly dryRun!: boolean;
  readonly confirmations!: ConfirmationDto[];
}

export class PinnedDto {
  readonly id!: string;
  /** Nothing removes what is pinned. */
  readonly pinned!: boolean;
}

/** It is back from the bin as it was. */
export class UndoneDto {
  readonly id!: string;
  readonly undone!: boolean;
}

/** Something in the bin. */
export class BinEntryDto {
  readonly id!: string;
  readonly kind!: 'snapshot' | 'artifact';
  readonly name!: string;
  readonly forgottenAt!: Date;
  /** Undo is possible until then. */
  readonly goneAfter!: Date;
  /** The rule that removed it; null when a member did. */
  readonly rule!: string | null;
  /** Stored bytes that nothing else needs, in the bin or outside. */
  readonly uniqueBytes!: number;
}

export class BinPageDto extends PageDto {
  readonly items!: BinEntryDto[];
}

export class BinEmptiedDto {
  /** Things whose time ended. */
  readonly ended!: number;
}
