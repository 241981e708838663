// The page's side of the engraver: one worker, asked again when the width changes.
import type { EngraveAnswer, EngraveRequest } from './engraver_worker';

type Waiting = { done: (systems: SVGSVGElement[]) => void; failed: (why: Error) => void };

let worker: Worker | undefined;
let next = 1;
const waiting = new Map<number, Waiting>();

function parse(text: string): SVGSVGElement {
  const plain = text.replace(/<style[^>]*>.*?<\/style>|<desc>.*?<\/desc>/gs, ''); // our style is in score.css
  const svg = new DOMParser().parseFromString(plain, 'image/svg+xml').documentElement as unknown as SVGSVGElement;
  for (const number of Array.from(svg.querySelectorAll('g.mNum'))) number.remove(); // bar numbers are ours
  svg.removeAttribute('overflow');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  svg.querySelector('.definition-scale')?.setAttribute('color', 'currentColor');
  return document.importNode(svg, true);
}

function start(): Worker {
  const w = window.engraver ?? new Worker('engraver.js');
  w.onmessage = (e: MessageEvent<EngraveAnswer>) => {
    const asked = waiting.get(e.data.id);
    waiting.delete(e.data.id);
    if (!asked) return;
    if (e.data.systems) asked.done(e.data.systems.map(parse));
    else asked.failed(new Error(e.data.error ?? ''));
  };
  w.onerror = (e) => {
    for (const asked of waiting.values()) asked.failed(new Error(e.message));
    waiting.clear();
  };
  return w;
}

export function engrave(request: Omit<EngraveRequest, 'id'>): Promise<SVGSVGElement[]> {
  worker ??= start();
  const id = next++;
  return new Promise((done, failed) => {
    waiting.set(id, { done, failed });
    worker!.postMessage({ ...request, id } satisfies EngraveRequest);
  });
}
