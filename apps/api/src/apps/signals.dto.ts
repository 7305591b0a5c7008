import { PageDto } from '../http/page.dto.js';
import { SignalDto } from './package-changes.dto.js';

/** A version, as short as it is told apart. */
export class VersionNameDto {
  readonly id!: string;
  readonly version!: string | null;
  readonly build!: string | null;
  readonly externalVersionId!: string | null;
}

/** A kept version and the signs in one of its packages. */
export class SignalledVersionDto extends VersionNameDto {
  readonly artifactId!: string;
  /** The first 40; null when nobody looked yet, or nothing can be read. */
  readonly signals!: SignalDto[] | null;
}

/** A sign, and which kept versions it stands in. */
export class SignalAppearanceDto extends SignalDto {
  readonly since!: VersionNameDto;
  /** It stands in the oldest kept version: it may be older still. */
  readonly fromTheStart!: boolean;
  /** The first later version without it. */
  readonly goneWith!: VersionNameDto | null;
}

/** Where the app may have gone subscription-only. A guess: somebody has to say it. */
export class SubscriptionSuggestionDto {
  /** What PUT …/subscription takes. */
  readonly from!: string;
  readonly version!: VersionNameDto;
  readonly signals!: SignalDto[];
  readonly text!: string;
}

export class SignalPageDto extends PageDto {
  readonly bundleId!: string;
  readonly name!: string;
  /** Newest first. */
  readonly items!: SignalledVersionDto[];
  /** Of all kept versions, not of the page alone. */
  readonly appearances!: SignalAppearanceDto[];
  /** As a member said: the first version that wants a subscription, or the store's number of it; null when nobody did. */
  readonly subscriptionFrom!: string | null;
  /** Null when a member has said it, or nothing speaks for it. */
  readonly suggestion!: SubscriptionSuggestionDto | null;
  /** Kept versions nobody looked into yet; upkeep does. */
  readonly unread!: number;
}
