// Where the sound comes from: the browser's microphone, or the sound card of the room's own machine for who sits at it. A choice belongs to
// the machine, so the card is kept in this browser; the microphone's id is of this browser anyway.
import type { CardWish } from '../api_types';

export type Source = { kind: 'browser'; device: string | undefined } | { kind: 'card'; card: CardWish };

const shelf = 'woodshed-card';

/** The card that was chosen here; null: the browser's microphone. */
export function cardChosen(): CardWish | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(shelf) ?? 'null');
    if (typeof kept !== 'object' || kept === null) return null;
    const text = (name: keyof CardWish): Partial<CardWish> => {
      const value = (kept as Record<string, unknown>)[name];
      return typeof value === 'string' && value !== '' ? { [name]: value } : {};
    };
    return { ...text('input'), ...text('output'), ...text('api') };
  } catch {
    return null; // a browser that keeps nothing, or something else's words
  }
}

export function chooseCard(card: CardWish | null): void {
  try {
    if (card) localStorage.setItem(shelf, JSON.stringify(card));
    else localStorage.removeItem(shelf);
  } catch {
    // it holds until the page is closed nowhere; the browser's microphone stays
  }
}

/** @param device the microphone's id in this browser */
export function sourceChosen(device: string | undefined): Source {
  const card = cardChosen();
  return card ? { kind: 'card', card } : { kind: 'browser', device: device || undefined };
}
