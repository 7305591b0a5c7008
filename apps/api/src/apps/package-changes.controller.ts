import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import type {
  Actor,
  AppSignalsReport,
  ArtifactChanges,
  ComparedPackage,
} from '@rootcellar/archive';
import type { ArtifactId } from '@rootcellar/model';
import { ARCHIVE } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import { IdParam } from '../http/id-param.js';
import { PAGE_LIMIT, PageQueryDto } from '../http/page.dto.js';
import { ForScope, SignedInActor } from '../http/sign-in.guard.js';
import { namedPackage } from './installability.controller.js';
import {
  ComparedPackageDto,
  DiffQueryDto,
  DifferenceDto,
  FileChangeDto,
  PackageChangesDto,
  SignalDto,
} from './package-changes.dto.js';
import { SignalPageDto, VersionNameDto } from './signals.dto.js';

@ForScope('restore')
@Controller('api/v1')
export class PackageChangesController {
  constructor(@Inject(ARCHIVE) private readonly archive: Archive) {}

  /** What changed from one package to another: read from the vault, unpacking neither. Of two apps too. */
  @Get('artifacts/:id/diff/:other')
  async diff(
    @SignedInActor() actor: Actor,
    @IdParam() before: ArtifactId,
    @IdParam('other') after: ArtifactId,
    @Query() { files }: DiffQueryDto,
  ): Promise<PackageChangesDto> {
    const largest = files === undefined ? {} : { largest: files };
    return changesOf(
      await this.archive.compareArtifacts.execute(actor, { before, after }, largest),
    );
  }

  /** Signs of how an app earns money, of each kept version, and since when; what a member said about it, or a guess. */
  @Get('apps/:bundleId/signals')
  async signals(
    @SignedInActor() actor: Actor,
    @Param('bundleId') bundleId: string,
    @Query() { cursor, limit = PAGE_LIMIT }: PageQueryDto,
  ): Promise<SignalPageDto> {
    return signalsOf(await this.archive.appSignals.execute(actor, bundleId, { cursor, limit }));
  }
}

function changesOf(changes: ArtifactChanges): PackageChangesDto {
  const { before, after, app, stored, bytes, files, minimumOs, permissions, privacy } = changes;
  const { entitlements, signals, name = null } = changes;
  return {
    ...{ before: packageOf(before), after: packageOf(after), app, stored, bytes, name },
    files: { ...files, largest: files.largest.map(fileOf) },
    minimumOs: minimumOs
      ? { before: minimumOs.before ?? null, after: minimumOs.after ?? null }
      : null,
    deviceFamilies: changes.deviceFamilies
      ? { before: [...changes.deviceFamilies.before], after: [...changes.deviceFamilies.after] }
      : null,
    requiredCapabilities: lists(changes.requiredCapabilities),
    permissions: { ...lists(permissions), reworded: [...permissions.reworded] },
    urlSchemes: lists(changes.urlSchemes),
    backgroundModes: lists(changes.backgroundModes),
    entitlements: entitlements
      ? { ...lists(entitlements), changed: [...entitlements.changed] }
      : null,
    frameworks: lists(changes.frameworks),
    linkedLibraries: lists(changes.linkedLibraries),
    extensions: lists(changes.extensions),
    localisations: lists(changes.localisations),
    privacy: {
      tracking: privacy.tracking ?? null,
      trackingDomains: lists(privacy.trackingDomains),
      collected: lists(privacy.collected),
      accessedApis: lists(privacy.accessedApis),
    },
    signals: { appeared: [...signals.appeared], gone: [...signals.gone] },
  };
}

function packageOf({ fileName, size, problems, ...known }: ComparedPackage): ComparedPackageDto {
  return { ...namedPackage(known), fileName, size, problems: [...problems] };
}

type FileChange = ArtifactChanges['files']['largest'][number];

function fileOf(file: FileChange): FileChangeDto {
  const { path, bytesBefore = null, bytesAfter = null, newPackedBytes = null } = file;
  return { path, bytesBefore, bytesAfter, newPackedBytes };
}

function lists({
  added,
  removed,
}: {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}): DifferenceDto {
  return { added: [...added], removed: [...removed] };
}

function signalsOf(report: AppSignalsReport): SignalPageDto {
  const { bundleId, name, nextCursor, unread, subscriptionFrom = null, suggestion } = report;
  return {
    ...{ bundleId, name, nextCursor, unread, subscriptionFrom },
    items: report.items.map((version) => ({
      ...versionName(version),
      artifactId: version.artifactId,
      signals: version.signals === undefined ? null : version.signals.map(signalOf),
    })),
    appearances: report.appearances.map(({ since, goneWith, fromTheStart, ...signal }) => ({
      ...signalOf(signal),
      fromTheStart,
      since: versionName(since),
      goneWith: goneWith === undefined ? null : versionName(goneWith),
    })),
    suggestion:
      suggestion === undefined
        ? null
        : {
            ...{ from: suggestion.from, text: suggestion.text },
            version: versionName(suggestion.version),
            signals: suggestion.signals.map(signalOf),
          },
  };
}

type Version = AppSignalsReport['items'][number];

function versionName(named: Version): VersionNameDto {
  const { id, version = null, build = null, externalVersionId = null } = named;
  return { id, version, build, externalVersionId };
}

/** What is stored was written by some release, with the kinds it knew. */
function signalOf({
  kind,
  evidence,
  where,
}: {
  readonly kind: string;
  readonly evidence: string;
  readonly where: string;
}): SignalDto {
  return { kind: kind as SignalDto['kind'], evidence, where };
}
