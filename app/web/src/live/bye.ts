// Why the server let this page go, in the page's own words where it has some.
import type { LiveEvent } from '../api_types';
import { say, type Word } from '../words';

const words: Readonly<Record<string, Word>> = { late: 'bye_late' };

export function byeText(e: Extract<LiveEvent, { event: 'bye' }>): string {
  const word = words[e.reason];
  return word ? say(word) : e.text;
}
