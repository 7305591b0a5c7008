import type { ConfirmationDto } from '../bin/bin.dto.js';

/** Why something stays. Which fields there are depends on the code. */
export class ReasonDto {
  readonly code!: string;
  /** For people, in English. */
  readonly text!: string;
  /** It is the `count`-th of `of` that the rule keeps. */
  readonly count?: number;
  readonly of?: number;
  /** The household's own: `2026-11-25`, `2026-W48`, `2026-11`, … */
  readonly period?: string;
  readonly major?: string;
  readonly span?: string;
  readonly deviceId?: string;
  readonly deviceKind?: string;
  /** Where the rule was written. */
  readonly from?: 'household' | 'device' | 'app';
}

/** One snapshot or package, and what the plan does to it. */
export class PlanItemDto {
  readonly id!: string;
  readonly kind!: 'snapshot' | 'artifact';
  readonly deviceId?: string;
  readonly bundleId?: string;
  readonly memberId!: string;
  readonly name!: string;
  /** When the backup was taken, or the package added. */
  readonly date!: string;
  readonly keep!: boolean;
  readonly reasons!: ReasonDto[];
  /** The rule by which it goes. */
  readonly removedBy?: 'no-rule' | 'budget' | 'superseded-incomplete';
  /** Stored bytes it needs, shared or not. */
  readonly bytes!: number;
  /** What it frees after those before it in the list; so these add up. */
  readonly freedBytes!: number;
}

/** A device, app or member: what the plan does to it. */
export class PlanGroupDto {
  readonly id!: string;
  readonly name!: string;
  readonly kept!: number;
  readonly removed!: number;
  /** Were this the only thing removed. What groups share is in none of them. */
  readonly freedBytes!: number;
}

export class PlanBudgetDto {
  readonly limit!: number;
  readonly before!: number;
  readonly after!: number;
  /** False: what may not be removed is more than the budget. */
  readonly fits!: boolean;
}

/** What a policy does to what is there. Making it changes nothing. */
export class RetentionPlanDto {
  readonly id!: string;
  readonly madeAt!: string;
  /** The policy it was made with, in its normal form. */
  readonly policy!: Readonly<Record<string, unknown>>;
  /** Whether that was the household's own; only then it can be applied. */
  readonly saved!: boolean;
  /** Oldest first. */
  readonly items!: PlanItemDto[];
  readonly kept!: number;
  readonly removed!: number;
  /** Stored bytes that everything outside the bin needs, before and after. */
  readonly neededBytes!: number;
  readonly neededAfterBytes!: number;
  readonly freedBytes!: number;
  readonly devices!: PlanGroupDto[];
  readonly apps!: PlanGroupDto[];
  readonly members!: PlanGroupDto[];
  /** From when on space comes back. */
  readonly spaceReturns!: string;
  readonly budget?: PlanBudgetDto;
  /** What has to be confirmed by name. */
  readonly confirmations!: ConfirmationDto[];
}

export class SkippedItemDto {
  readonly id!: string;
  readonly name!: string;
  readonly why!: string;
}

/** A plan that was carried out. */
export class AppliedPlanDto {
  readonly planId!: string;
  /** What went to the bin. */
  readonly forgotten!: PlanItemDto[];
  /** What the plan would have removed and is left. */
  readonly skipped!: SkippedItemDto[];
  readonly freedBytes!: number;
  /** Undo is possible until then. */
  readonly goneAfter!: Date;
}
