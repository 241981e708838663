// What a page asks of the server: not there yet, there, or refused with words.
import { useEffect, useState } from 'preact/hooks';
import { Refusal } from './api';

export interface Loaded<T> {
  value: T | null;
  trouble: string;
  again(): void;
}

export function useLoaded<T>(ask: () => Promise<T>, on: readonly unknown[]): Loaded<T> {
  const [state, setState] = useState<{ value: T | null; trouble: string }>({ value: null, trouble: '' });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let stale = false;
    ask().then(
      (value) => !stale && setState({ value, trouble: '' }),
      (error: unknown) => {
        if (!stale) setState({ value: null, trouble: error instanceof Refusal ? error.message : String(error) });
      },
    );
    return () => {
      stale = true;
    };
  }, [...on, round]);
  return { ...state, again: () => setRound((n) => n + 1) };
}
