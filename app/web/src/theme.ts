// Light or dark: by the student's choice, else as the system has it, also where that changes in the evening.
import type { PageSettings } from './api_types';

const dark = window.matchMedia('(prefers-color-scheme: dark)');
let chosen: PageSettings['theme'];

function show(): void {
  document.documentElement.dataset['theme'] = chosen ?? (dark.matches ? 'dark' : 'light');
}

/** @param choice undefined: as the system has it */
export function showTheme(choice: PageSettings['theme']): void {
  chosen = choice;
  show();
}

dark.addEventListener('change', show);
show();
