import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { IsString, Length, ValidateIf } from 'class-validator';

const FROM_MAX_LENGTH = 100;

/** How many of each kind of period to keep; `within` is a duration such as `14d`. */
export class SnapshotRulesDto {
  readonly within?: string;
  readonly last?: number;
  readonly hourly?: number;
  readonly daily?: number;
  readonly weekly?: number;
  readonly monthly?: number;
  readonly yearly?: number;
}

/** Each rule keeps on its own, whatever the others keep. */
export class VersionRulesDto {
  readonly within?: string;
  readonly last?: number;
  readonly lastPerMajor?: number;
  readonly beforeSubscription?: boolean;
  readonly onDevices?: boolean;
  readonly runnable?: boolean;
}

export class DeviceOverrideDto {
  readonly snapshots?: SnapshotRulesDto;
}

export class AppOverrideDto {
  readonly versions?: VersionRulesDto;
}

/** What an administrator decided. A kind without a section is never removed by rules. */
@ApiExtraModels(DeviceOverrideDto, AppOverrideDto)
export class RetentionPolicyDto {
  readonly snapshots?: SnapshotRulesDto;
  readonly versions?: VersionRulesDto;
  /** Bytes that may be stored. */
  readonly budget?: number;
  /** Nothing stored less than this ago is removed; a duration such as `48h`. */
  readonly minimumKeep?: string;
  /** Days in which what was removed can be taken back. */
  readonly binDays?: number;

  /** By device id. */
  @ApiProperty({ type: 'object', additionalProperties: { $ref: getSchemaPath(DeviceOverrideDto) } })
  readonly devices?: Readonly<Record<string, DeviceOverrideDto>>;

  /** By bundle id. */
  @ApiProperty({ type: 'object', additionalProperties: { $ref: getSchemaPath(AppOverrideDto) } })
  readonly apps?: Readonly<Record<string, AppOverrideDto>>;
}

const RULE_SCHEMA = {
  type: 'object',
  properties: {
    value: { oneOf: [{ type: 'number' }, { type: 'string' }, { type: 'boolean' }] },
    from: { type: 'string', enum: ['household', 'device', 'app'] },
  },
  required: ['value', 'from'],
};

/** The rules of one device or app, and where each was written. */
export class EffectiveRulesDto {
  /** Device id or bundle id. */
  readonly id!: string;
  readonly name!: string;

  /** By rule; empty when nothing was written for it: then all of it stays. */
  @ApiProperty({ type: 'object', additionalProperties: RULE_SCHEMA })
  readonly rules!: Readonly<Record<string, { readonly value: unknown; readonly from: string }>>;
}

export class EffectivePolicyDto {
  readonly devices!: EffectiveRulesDto[];
  readonly apps!: EffectiveRulesDto[];
}

/** How removal and collection by schedule go. */
export class UpkeepDto {
  readonly seenAt!: Date | null;
  readonly retainedAt!: Date | null;
  readonly collectedAt!: Date | null;
  /** Why nothing is removed by itself any more, until somebody has looked and applied a plan. */
  readonly alert!: string | null;
  readonly alertAt!: Date | null;
}

export class RetentionDto {
  /** Without one, nothing is removed. */
  readonly policy!: RetentionPolicyDto | null;
  readonly effective!: EffectivePolicyDto | null;
  readonly upkeep!: UpkeepDto;
}

export class SubscriptionRequestDto {
  /** The first version that wants a subscription: the store's number of it, or the version shown. Null takes it back. */
  @ValidateIf((dto: SubscriptionRequestDto) => dto.from !== null)
  @IsString()
  @Length(1, FROM_MAX_LENGTH)
  readonly from!: string | null;
}

export class SubscriptionDto {
  readonly bundleId!: string;
  readonly from!: string | null;
}
