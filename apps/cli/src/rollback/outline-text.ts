import { wrap } from '../terminal/wrap.js';
import type { OutlinePoint, OutlineSection, PlanOutline } from './plan-outline.js';

const WIDTH = 100;

/** A plan for a terminal. */
export function outlineText({ title, facts, sections }: PlanOutline): string {
  const labels = Math.max(0, ...facts.map(([label]) => label.length));
  const table = facts.map(([label, text]) => {
    const head = `  ${label.padEnd(labels)}  `;
    return `${head}${wrap(text, ' '.repeat(head.length), WIDTH).trimStart()}`;
  });
  return [`${title}\n\n${table.join('\n')}`, ...sections.map(sectionText)].join('\n\n');
}

function sectionText({ title, points, numbered = false }: OutlineSection): string {
  const lines = points.map((point, index) =>
    pointText(point, numbered ? `${String(index + 1)}.` : point.loud === true ? '!' : '-'),
  );
  return `${title}\n${lines.join('\n')}`;
}

function pointText({ title, text, commands = [] }: OutlinePoint, mark: string): string {
  const head = `  ${mark} `;
  const indent = ' '.repeat(head.length);
  const body = wrap(text, indent, WIDTH);
  return [
    title === undefined ? `${head}${body.trimStart()}` : `${head}${title}\n${body}`,
    ...commands.map((command) => `${indent}  $ ${command}`),
  ].join('\n');
}
