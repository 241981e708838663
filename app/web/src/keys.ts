// Single keys: shown where they work, silent while somebody types, and can be turned off.
import { useEffect, useRef } from 'preact/hooks';

export type Keys = Record<string, (() => void) | undefined>;

function typing(target: EventTarget | null, key: string): boolean {
  if (target instanceof HTMLInputElement && target.type === 'radio') return key.startsWith('Arrow'); // these choose
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** Keys by their name ("Space", "r", "ArrowLeft"). A focused button keeps Space and Enter to itself. */
export function useKeys(keys: Keys, on: boolean): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    if (!on) return;
    const pressed = (e: KeyboardEvent): void => {
      if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target, e.key) || document.querySelector('dialog[open]')) return;
      const name = e.key === ' ' ? 'Space' : e.key.length === 1 ? e.key.toLowerCase() : e.key;
      const own = e.target instanceof HTMLElement && e.target.closest('button, a, summary, [role=radio]');
      if (own && (name === 'Space' || name === 'Enter') && !own.classList.contains('column')) return;
      const act = latest.current[name];
      if (!act) return;
      e.preventDefault();
      act();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [on]);
}
