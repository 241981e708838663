// Who is signed in, and what the pages keep for them.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { InstrumentRow, Me, PageSettings } from './api_types';

export interface Person {
  me: Me;
  instruments: InstrumentRow[];
  page: PageSettings;
  /** Keep page settings; at once here, then at the server. */
  keepPage(changes: Partial<PageSettings>): void;
  keepInstrument(instrument: string): Promise<void>;
  signOut(): void;
}

export const PersonContext = createContext<Person | null>(null);

export function usePerson(): Person {
  const person = useContext(PersonContext);
  if (!person) throw new Error('a page of somebody who is signed in');
  return person;
}
