import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { AppsController } from './apps/apps.controller.js';
import { TimelineController } from './apps/timeline.controller.js';
import { InstallabilityController } from './apps/installability.controller.js';
import { PackageChangesController } from './apps/package-changes.controller.js';
import { AuditController } from './audit/audit.controller.js';
import { BinController } from './bin/bin.controller.js';
import { ChangesController } from './changes/changes.controller.js';
import { DevicesController } from './devices/devices.controller.js';
import { AlertsController } from './holds/alerts.controller.js';
import { HoldsController } from './holds/holds.controller.js';
import { HouseholdSettingsController } from './households/household-settings.controller.js';
import { HealthController } from './health/health.controller.js';
import { ProblemFilter } from './http/problem.filter.js';
import { AttemptsInterceptor } from './http/limit-attempts.js';
import { SignInGuard } from './http/sign-in.guard.js';
import { DoctorController } from './maintenance/doctor.controller.js';
import { MaintenanceController } from './maintenance/maintenance.controller.js';
import { PagesController } from './pages/pages.js';
import { DeviceCodesController } from './people/device-codes.controller.js';
import { HouseholdsController } from './people/households.controller.js';
import { InvitationsController } from './people/invitations.controller.js';
import { MembersController } from './people/members.controller.js';
import { PeopleController } from './people/people.controller.js';
import { TokensController } from './people/tokens.controller.js';
import { RetentionController } from './retention/retention.controller.js';
import { RollbackRunsController } from './rollback-runs/rollback-runs.controller.js';
import { RollbackPlansController } from './rollback/rollback-plans.controller.js';
import { SharesController } from './shares/shares.controller.js';
import { OwnSignInController } from './sign-in/own-sign-in.controller.js';
import { ProviderSignInController } from './sign-in/provider-sign-in.js';
import { SessionsController } from './sign-in/sessions.controller.js';
import { SnapshotsController } from './snapshots/snapshots.controller.js';
import { StorageController } from './storage/storage.controller.js';
import { UploadsController } from './uploads/uploads.controller.js';

/** The HTTP edge. Needs ArchiveModule beside it. */
@Module({
  controllers: [
    HealthController,
    PeopleController,
    SessionsController,
    OwnSignInController,
    HouseholdsController,
    InvitationsController,
    MembersController,
    TokensController,
    DeviceCodesController,
    DevicesController,
    SnapshotsController,
    UploadsController,
    AppsController,
    TimelineController,
    InstallabilityController,
    PackageChangesController,
    SharesController,
    HoldsController,
    AlertsController,
    RollbackRunsController,
    RollbackPlansController,
    BinController,
    RetentionController,
    StorageController,
    HouseholdSettingsController,
    AuditController,
    ChangesController,
    MaintenanceController,
    DoctorController,
    PagesController,
    ProviderSignInController,
  ],
  providers: [
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_GUARD, useClass: SignInGuard },
    { provide: APP_INTERCEPTOR, useClass: AttemptsInterceptor },
  ],
})
export class ApiModule {}
