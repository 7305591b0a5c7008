import type { Schemas } from '@rootcellar/client';

export type SignInMethods = Schemas['SignInMethodsDto'];
export type Profile = Schemas['ProfileDto'];
export type Role = NonNullable<Profile['role']>;
export type SignInEntry = Schemas['SessionDto'];
export type Scope = SignInEntry['scope'];
export type InvitationLook = Schemas['InvitationLookDto'];
export type DeviceCodeLook = Schemas['ApprovalLookDto'];
export type SecondFactors = Schemas['SecondFactorsDto'];
export type Passkey = Schemas['PasskeyDto'];

/** What a sign-in still needs. */
export type SecondFactorAsked = Readonly<
  Required<Pick<Schemas['SignInAnswerDto'], 'challenge' | 'factors'>>
>;
export type SecondFactor = SecondFactorAsked['factors'][number];
