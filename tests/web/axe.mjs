// A page as axe-core sees it, and whether it fits its screen.
import { readFileSync } from 'node:fs';

const axe = readFileSync(new URL('../../app/web/node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

/** @return what axe finds, as sentences */
export async function accessible(tab, what) {
  // colours are measured where they stay, not half way between two
  await tab.emulateMedia({ reducedMotion: 'reduce' });
  await tab.waitForFunction(() => document.getAnimations().length === 0);
  // evaluated through the debugger, so that the page's own policy stays as strict as it is
  await tab.evaluate(axe);
  const { violations } = await tab.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return violations.flatMap((v) => v.nodes.map((n) => `${what}: ${v.id}: ${n.target.join(' ')}: ${n.failureSummary}`));
}

/** @return a sentence when the page is wider than the screen */
export async function fits(tab, what) {
  const wide = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return wide > 0 ? [`${what}: the page is ${wide} px wider than the screen`] : [];
}
