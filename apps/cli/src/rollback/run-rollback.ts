import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Schemas } from '@rootcellar/client';
import type { DeviceLink, DeviceProgress, PackageFiles } from '@rootcellar/device-link';
import { writeAppBackup } from '@rootcellar/ios';
import { ArchiveError } from '@rootcellar/model';
import { getPackage } from '../package/get-package.js';
import { pushBackup } from '../push/push-backup.js';
import type { PushParts } from '../push/push-backup.js';
import { receiveFiles } from '../restore/restore-snapshot.js';
import type { RestoreParts } from '../restore/restore-snapshot.js';
import type { Service } from '../service.js';
import type { Progress } from '../terminal/progress.js';
import type { Proof, StepName } from './step-reports.js';

export type Plan = Schemas['RollbackPlanDto'];

export interface RunParts {
  readonly service: Service;
  readonly link: DeviceLink;
  /** A folder of this plan's own, kept until the run is over: with a backup in it, the next one takes less long. */
  readonly work: string;
  readonly signal: AbortSignal;
  /** The device is the household's. */
  readonly household: boolean;
  /** Each gives a line that is closed by the caller. */
  readonly progress: (verb: string) => Progress;
  readonly onDevice: (verb: string) => (progress: DeviceProgress) => void;
  readonly push: Omit<PushParts, 'service' | 'progress' | 'signal'>;
  readonly restore: Pick<RestoreParts, 'clock' | 'platform'>;
}

/** Does the steps of a plan, each of which may be done again. Nothing on the device is removed by any of them. */
export class RollbackSteps {
  readonly #plan: Plan;
  readonly #parts: RunParts;

  constructor(plan: Plan, parts: RunParts) {
    this.#plan = plan;
    this.#parts = parts;
  }

  /** @returns what proves it to the service. @throws ArchiveError DEVICE_LINK_… and those of pushing and restoring */
  async do(step: StepName): Promise<Proof> {
    await mkdir(this.#parts.work, { recursive: true, mode: 0o700 });
    switch (step) {
      case 'fresh-backup':
        return this.#backUp();
      case 'install-package':
        return this.#install();
      case 'put-data-back':
        return this.#putDataBack();
      case 'verify':
        return this.#seen();
      case 'hold':
        return {};
    }
  }

  /** Frees the disk; what matters is in the archive. */
  async tidyUp(): Promise<void> {
    await rm(this.#parts.work, { recursive: true, force: true });
  }

  async #backUp(): Promise<Proof> {
    const { link, work, signal, household, onDevice, push, service } = this.#parts;
    const into = join(work, 'backup');
    await mkdir(into, { recursive: true, mode: 0o700 });
    const folder = await link.backUp(this.#udid, into, {
      ...{ signal, onProgress: onDevice('Backing up') },
    });
    return this.#withProgress('Pushing', async (progress) => {
      const { snapshotId } = await pushBackup(
        { ...push, service, progress, signal },
        { folder, acceptIncomplete: false, owner: household ? 'household' : undefined },
      );
      return { snapshotId };
    });
  }

  async #install(): Promise<Proof> {
    const { link, signal, onDevice } = this.#parts;
    if (this.#isNeeded('install-package')) {
      const files = await this.#fetchPackage();
      const onProgress = onDevice('Installing');
      await link.install(this.#udid, files, { signal, onProgress });
    }
    return this.#seen();
  }

  async #fetchPackage(): Promise<PackageFiles> {
    const { service, work } = this.#parts;
    const { target } = this.#plan;
    if (target === null) throw gone();
    const path = join(work, 'app.ipa');
    await rm(path, { force: true });
    await this.#withProgress('Fetching the package', async (progress) => {
      progress.expect({ files: 1, bytes: target.size });
      await getPackage(service, target.artifactId, path, (bytes) =>
        progress.add({ files: 0, bytes }),
      );
    });
    return { package: path, ...(await this.#fetchStoreFiles(target)) };
  }

  /** The buyer's rights and the store's description, where the package lacks them and a backup has them. */
  async #fetchStoreFiles(
    target: NonNullable<Plan['target']>,
  ): Promise<Pick<PackageFiles, 'sinf' | 'metadata'>> {
    if (target.storeFilesFrom === null) return {};
    const { id } = this.#plan;
    const { sinf, metadata } = await this.#parts.service.call(async (api, signal) =>
      api.GET('/api/v1/rollback-plans/{id}/store-files', { params: { path: { id } }, signal }),
    );
    return {
      sinf: await this.#keep('app.sinf', sinf),
      metadata: await this.#keep('iTunesMetadata.plist', metadata),
    };
  }

  async #keep(name: string, base64: string | null): Promise<string | undefined> {
    if (base64 === null) return undefined;
    const path = join(this.#parts.work, name);
    await writeFile(path, Buffer.from(base64, 'base64'), { mode: 0o600 });
    return path;
  }

  async #putDataBack(): Promise<Proof> {
    const { service, link, work, signal, onDevice, restore } = this.#parts;
    const { id, data, app } = this.#plan;
    if (data === null || !this.#isNeeded('put-data-back')) return {};
    const [from, to] = [join(work, 'whole'), join(work, 'data', this.#udid)];
    await rm(join(work, 'data'), { recursive: true, force: true });
    await mkdir(join(work, 'data'), { mode: 0o700 });
    await this.#withProgress('Fetching the data', async (progress) => {
      progress.expect({ files: data.files, bytes: data.bytes });
      await receiveFiles(
        { ...restore, service, progress, signal },
        `/api/v1/rollback-plans/${encodeURIComponent(id)}/data`,
        from,
      );
    });
    const domains = data.domains.map(({ domain }) => domain);
    await writeAppBackup({ from, to, bundleId: app.bundleId, domains });
    await link.restore(this.#udid, to, { signal, onProgress: onDevice('Putting the data back') });
    return {};
  }

  /** What the device itself says is on it. */
  async #seen(): Promise<Proof> {
    const apps = await this.#parts.link.apps(this.#udid, this.#parts.signal);
    const app = apps.find(({ bundleId }) => bundleId === this.#plan.app.bundleId);
    if (app === undefined) return {};
    const { version, build, externalVersionId } = app;
    return {
      seen: {
        ...(version === undefined ? {} : { version }),
        ...(build === undefined ? {} : { build }),
        ...(externalVersionId === undefined ? {} : { externalVersionId }),
      },
    };
  }

  async #withProgress<T>(verb: string, work: (progress: Progress) => Promise<T>): Promise<T> {
    const progress = this.#parts.progress(verb);
    try {
      return await work(progress);
    } finally {
      progress.close();
    }
  }

  #isNeeded(name: StepName): boolean {
    return this.#plan.steps.find((step) => step.name === name)?.needed !== false;
  }

  get #udid(): string {
    return this.#plan.device.udid;
  }
}

function gone(): ArchiveError {
  return new ArchiveError(
    'PLAN_EXPIRED',
    'The package of this plan is not there any more. What was done so far stays.',
  );
}
