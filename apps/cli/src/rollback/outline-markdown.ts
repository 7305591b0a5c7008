import { readableText } from '@rootcellar/model';
import type { OutlinePoint, OutlineSection, PlanOutline } from './plan-outline.js';

/** A plan as a file that people read, in plain Markdown. */
export function outlineMarkdown({ title, facts, sections }: PlanOutline): string {
  const head = `# ${plain(title)}\n\n${facts.map(([label, text]) => `- **${label}**: ${plain(text)}`).join('\n')}`;
  return `${[head, ...sections.map(sectionMarkdown)].join('\n\n')}\n`;
}

function sectionMarkdown({ title, points, numbered = false }: OutlineSection): string {
  const lines = points.map((point, index) =>
    pointMarkdown(point, numbered ? `${String(index + 1)}.` : '-'),
  );
  return `## ${plain(title)}\n\n${lines.join('\n')}`;
}

function pointMarkdown({ title, text, commands = [], loud }: OutlinePoint, mark: string): string {
  const indent = ' '.repeat(mark.length + 1);
  const strong = title ?? (loud === true ? 'Mind' : undefined);
  const head = strong === undefined ? '' : `**${plain(strong)}**${loud === true ? ': ' : '. '}`;
  const block =
    commands.length === 0
      ? ''
      : `\n\n${indent}\`\`\`sh\n${commands.map((each) => `${indent}${each}\n`).join('')}${indent}\`\`\`\n`;
  return `${mark} ${head}${plain(text)}${block}`;
}

/** Names of apps and files come from outside: they shall not become links, pictures or HTML. */
function plain(text: string): string {
  return readableText(text, 4000, '').replace(/[\\[\]<>*_#|]/g, String.raw`\$&`);
}
