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

/** A desk, a phone, and a laptop at 200 %; by day and by night. */
export const looks = [[1280, 800], [360, 740], [720, 450]].flatMap(([width, height]) => ['light', 'dark'].map((scheme) => ({ name: `${width} px, ${scheme}`, width, height, scheme })));

/** The page that stands there in each look, without loading it again. @param seen called in each look: for a picture
 *  @return what axe finds and what does not fit, as sentences */
export async function everyLook(tab, what, seen = async () => undefined) {
  const found = [];
  const before = tab.viewportSize();
  for (const look of looks) {
    await tab.setViewportSize({ width: look.width, height: look.height });
    await tab.emulateMedia({ colorScheme: look.scheme, reducedMotion: 'reduce' });
    // notes are drawn anew for the width; a page that stays too wide is told by fits()
    await tab.waitForFunction(() => document.querySelector('.score-wait') === null && document.documentElement.scrollWidth <= document.documentElement.clientWidth, undefined, { timeout: 8000 }).catch(() => undefined);
    found.push(...(await accessible(tab, `${what}, ${look.name}`)), ...(await fits(tab, `${what}, ${look.name}`)));
    await seen(look);
  }
  await tab.setViewportSize(before);
  await tab.emulateMedia({ colorScheme: 'light' });
  return found;
}
