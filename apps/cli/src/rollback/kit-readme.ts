import { DATA_FOLDER, PLAN_FILE, SUMS_FILE } from './kit-names.js';
import { outlineMarkdown } from './outline-markdown.js';
import { outlineOf } from './plan-outline.js';
import type { OutlineSection, Plan } from './plan-outline.js';

/** What a kit consists of; paths relative to it. */
export interface KitContents {
  readonly package: string;
  readonly sinf: string | null;
  readonly metadata: string | null;
  readonly imazingApp: string | null;
  readonly dataFiles: number;
  /** Listed in the backup and not there: it was incomplete when it was pushed. */
  readonly missingFiles: number;
  readonly leftOutOfImazingApp: number;
}

/** PLAN.md: the plan, and what lies beside it. Times are in UTC: the file may be read anywhere. */
export function kitReadme(plan: Plan, contents: KitContents, madeAt: Date): string {
  const outline = outlineOf(plan, utc);
  const made = ['Kit made', utc(madeAt.toISOString())] as const;
  return outlineMarkdown({
    ...outline,
    facts: [...outline.facts, made],
    sections: [contentsOf(plan, contents), ...outline.sections],
  });
}

function contentsOf(plan: Plan, kit: KitContents): OutlineSection {
  const { target, data } = plan;
  const point = (text: string): { readonly text: string } => ({ text });
  return {
    title: 'What is in this folder',
    points: [
      point(
        `${kit.package}: the app, exactly the file that was kept${target === null ? '' : ` (SHA-256 ${target.sha256})`}.`,
      ),
      ...(kit.sinf === null
        ? []
        : [
            point(
              `${kit.sinf}: the rights of its buyer, out of your backup; the package lacks them.`,
            ),
          ]),
      ...(kit.metadata === null
        ? []
        : [
            point(
              `${kit.metadata}: the App Store's description, out of your backup. It names the buyer: keep it to yourself.`,
            ),
          ]),
      ...(data === null
        ? []
        : [
            point(
              `${DATA_FOLDER}/: the app's data as plain files, by Apple's domains; ${String(kit.dataFiles)} files.`,
            ),
          ]),
      ...(kit.missingFiles > 0
        ? [
            point(
              `Missing: ${String(kit.missingFiles)} files that the backup lists and does not have.`,
            ),
          ]
        : []),
      ...(kit.imazingApp === null
        ? []
        : [point(`${kit.imazingApp}: the same data in the form iMazing takes it.${leftOut(kit)}`)]),
      point(
        `${SUMS_FILE}: checksums; \`sha256sum -c ${SUMS_FILE}\` says whether all of it is whole. ${PLAN_FILE}: this text.`,
      ),
    ],
  };
}

function leftOut({ leftOutOfImazingApp: left }: KitContents): string {
  if (left === 0) return '';
  return ` Without ${left === 1 ? 'a file that has' : `${String(left)} files that have`} no place in it: of plug-ins, or with a backslash in the name.`;
}

function utc(time: string): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
