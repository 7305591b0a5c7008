import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { JudgedPackageDto } from './installability.dto.js';

export class DiffQueryDto {
  /** How many changed files are named, those that make the largest difference: 0 to 5000, 50 without it. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(5000)
  readonly files?: number;
}

export class ComparedPackageDto extends JudgedPackageDto {
  readonly fileName!: string;
  /** Of the package as a file. */
  readonly size!: number;
}

export class StoredChangeDto {
  /** Bytes of the later package in chunks the earlier one has too. */
  readonly sharedBytes!: number;
  readonly newBytes!: number;
}

export class ByteChangeDto {
  readonly before!: number;
  readonly after!: number;
}

/** Either is null where nothing was said. */
export class TextChangeDto {
  readonly before!: string | null;
  readonly after!: string | null;
}

export class FamiliesChangeDto {
  readonly before!: number[];
  readonly after!: number[];
}

export class BooleanChangeDto {
  readonly before!: boolean;
  readonly after!: boolean;
}

/** What came and what went. */
export class DifferenceDto {
  readonly added!: string[];
  readonly removed!: string[];
}

export class PermissionChangesDto extends DifferenceDto {
  /** Asked for in other words. */
  readonly reworded!: string[];
}

export class EntitlementChangesDto extends DifferenceDto {
  readonly changed!: string[];
}

export class FileChangeDto {
  /** The app's own folder is called `App`. */
  readonly path!: string;
  /** Unpacked; null where the file is not there. */
  readonly bytesBefore!: number | null;
  readonly bytesAfter!: number | null;
  /** About how many packed bytes of it are in no chunk of the earlier package; null where it is gone. */
  readonly newPackedBytes!: number | null;
}

export class FileChangesDto {
  readonly added!: number;
  readonly removed!: number;
  readonly changed!: number;
  readonly same!: number;
  readonly sameBytes!: number;
  /** As many as were asked for, those that make the largest difference first. */
  readonly largest!: FileChangeDto[];
}

/** What the app's PrivacyInfo.xcprivacy says. */
export class PrivacyChangesDto {
  readonly tracking!: BooleanChangeDto | null;
  readonly trackingDomains!: DifferenceDto;
  readonly collected!: DifferenceDto;
  readonly accessedApis!: DifferenceDto;
}

/** Something that speaks for a way of earning money: a sign, not a proof. */
export class SignalDto {
  readonly kind!: 'paywall-sdk' | 'in-app-purchase' | 'subscription-words' | 'store-price';
  /** What was found: the name of a part, a sentence of the app. */
  readonly evidence!: string;
  /** A path inside of the package. */
  readonly where!: string;
}

export class SignalChangesDto {
  readonly appeared!: SignalDto[];
  readonly gone!: SignalDto[];
}

/** What is different from one package to another. What is the same is null or empty. */
export class PackageChangesDto {
  readonly before!: ComparedPackageDto;
  readonly after!: ComparedPackageDto;
  /** `linked`: two bundle ids, of which somebody said that one goes on as the other. */
  readonly app!: 'same' | 'linked' | 'different';
  readonly stored!: StoredChangeDto;
  /** Of all files, unpacked. */
  readonly bytes!: ByteChangeDto;
  readonly files!: FileChangesDto;
  readonly name!: TextChangeDto | null;
  readonly minimumOs!: TextChangeDto | null;
  readonly deviceFamilies!: FamiliesChangeDto | null;
  readonly requiredCapabilities!: DifferenceDto;
  readonly permissions!: PermissionChangesDto;
  readonly urlSchemes!: DifferenceDto;
  readonly backgroundModes!: DifferenceDto;
  /** Null when those of one of both cannot be read. */
  readonly entitlements!: EntitlementChangesDto | null;
  readonly frameworks!: DifferenceDto;
  readonly linkedLibraries!: DifferenceDto;
  readonly extensions!: DifferenceDto;
  readonly localisations!: DifferenceDto;
  readonly privacy!: PrivacyChangesDto;
  readonly signals!: SignalChangesDto;
}
