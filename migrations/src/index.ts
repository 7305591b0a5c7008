import { Accounts1795600000000 } from './1795600000000-accounts.js';
import { AnnounceChanges1795500000000 } from './1795500000000-announce-changes.js';
import { AppTimeline1795700000000 } from './1795700000000-app-timeline.js';
import { AuditChain1795660000000 } from './1795660000000-audit-chain.js';
import { ChunkProofs1795640000000 } from './1795640000000-chunk-proofs.js';
import { Foundations1795000000000 } from './1795000000000-foundations.js';
import { Holds1795730000000 } from './1795730000000-holds.js';
import { JobRequest1795300000000 } from './1795300000000-job-request.js';
import { NeededBytes1795200000000 } from './1795200000000-needed-bytes.js';
import { Privacy1795630000000 } from './1795630000000-privacy.js';
import { People1795610000000 } from './1795610000000-people.js';
import { Quotas1795650000000 } from './1795650000000-quotas.js';
import { Retention1795100000000 } from './1795100000000-retention.js';
import { RollbackPlan1795720000000 } from './1795720000000-rollback-plan.js';
import { SignIn1795620000000 } from './1795620000000-sign-in.js';

/** In the order they are applied. Append only: a released migration is never edited. */
export const MIGRATIONS = [
  Foundations1795000000000,
  Retention1795100000000,
  NeededBytes1795200000000,
  JobRequest1795300000000,
  AnnounceChanges1795500000000,
  Accounts1795600000000,
  People1795610000000,
  SignIn1795620000000,
  Privacy1795630000000,
  ChunkProofs1795640000000,
  Quotas1795650000000,
  AuditChain1795660000000,
  AppTimeline1795700000000,
  RollbackPlan1795720000000,
  Holds1795730000000,
] as const;
