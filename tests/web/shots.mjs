// Screenshots for docs/screens, kept only where WOODSHED_SCREENS names the folder.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env.WOODSHED_SCREENS;

export async function shoot(tab, name, options = {}) {
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await tab.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', ...options });
}
