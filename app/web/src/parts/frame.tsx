// The bar with the places, at the bottom on a phone, and what every page has around it.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { usePerson } from '../person';
import { link } from '../router';
import { say, type Word } from '../words';

const places: { page: string; word: Word }[] = [
  { page: 'today', word: 'today' },
  { page: 'path', word: 'path' },
  { page: 'tools', word: 'tools' },
  { page: 'work', word: 'my_work' },
];

function initials(name: string): string {
  return name.split(/\s+/).filter(Boolean).slice(0, 2).map((w) => `${w.charAt(0).toUpperCase()}.`).join(' ');
}

export function Frame({ page, title, children }: { page: string; title: string; children: ComponentChildren }) {
  const person = usePerson();
  const main = useRef<HTMLElement>(null);
  useTitle(title, main.current);
  return (
    <>
      <a class="skip" href="#main" onClick={(e) => (e.preventDefault(), main.current?.focus())}>{say('skip')}</a>
      <header class="bar">
        <a class="name" href={link('today')}>{say('product')}</a>
        <nav class="places" aria-label={say('places')}>
          {places.map((p) => <a key={p.page} href={link(p.page)} aria-current={p.page === page ? 'page' : undefined}>{say(p.word)}</a>)}
        </nav>
        <a class="who" href={link('settings')} aria-label={say('settings_of', { initials: initials(person.me.name), name: person.me.name })}>{initials(person.me.name)}</a>
      </header>
      <main id="main" class="page" ref={main} tabIndex={-1}>{children}</main>
    </>
  );
}

/** The document's title, told to screen readers by moving the focus to the page. */
export function useTitle(title: string, main: HTMLElement | null): void {
  const first = useRef(true);
  useEffect(() => {
    document.title = `${title} · ${say('product')}`;
    if (!first.current) main?.focus({ preventScroll: true });
    first.current = false;
  }, [title]);
}
