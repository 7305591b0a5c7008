import axe from 'axe-core';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/**
 * What people with other eyes, ears or hands would stumble over, by the rules of WCAG 2.2 AA.
 * @returns a line for each finding; none is fine
 */
export async function barriersOn(page: Page): Promise<string[]> {
  // Through the debugger, since the page's policy allows no script of anybody else.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<Pick<AxeResults, 'violations'>>(
    'axe.run(document, { resultTypes: ["violations"] })',
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${help}: ${html} ${failureSummary}`),
  );
}
