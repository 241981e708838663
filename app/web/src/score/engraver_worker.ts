// Verovio in a worker, so that drawing never blocks input. Takes MEI and a width, gives one SVG a system.
import { VerovioToolkit } from 'verovio/esm';
import createModule from 'verovio/wasm';

export interface EngraveRequest {
  id: number;
  mei: string;
  widthPx: number;
  spacePx: number; // one space of the staff
  barsASystem: number; // the most; 0: as fits
}

export interface EngraveAnswer {
  id: number;
  systems?: string[];
  error?: string;
}

const scope = self as unknown as {
  onmessage: ((e: MessageEvent<EngraveRequest>) => void) | null;
  postMessage(answer: EngraveAnswer): void;
};

declare const ENGRAVER_WASM: string; // the file beside this one; its name is made by build.mjs

// compiled while it comes in
const ready = createModule({ instantiate: (imports) => WebAssembly.instantiateStreaming(fetch(ENGRAVER_WASM), imports) })
  .then((module) => new VerovioToolkit(module));

/** How many bars a system may hold (a page is one system) so that systems come out even: fours where four fit. */
function evenly(bars: number, most: number): number {
  if (bars <= most) return bars;
  for (const n of [8, 4, 2]) if (n <= most) return n;
  return Math.max(1, most);
}

function withBreaks(mei: string, each: number, pickup: boolean): string {
  let n = 0;
  const first = each + (pickup ? 1 : 0);
  return mei.replace(/<measure /g, (m) => {
    const breaks = n > 0 && (n - first) % each === 0 && n >= first;
    n++;
    return breaks ? `<pb/>${m}` : m;
  });
}

async function engrave(r: EngraveRequest): Promise<string[]> {
  const toolkit = await ready;
  // A staff space is 180 units at scale 100, 18 px; the page is given in tenths of that.
  const scale = (r.spacePx / 18) * 100;
  const options = {
    breaks: 'auto',
    pageWidth: Math.round((r.widthPx * 100) / scale),
    pageHeight: 100,
    adjustPageHeight: true,
    header: 'none',
    footer: 'none',
    mnumInterval: 64,
    scale: Math.round(scale),
    svgViewBox: true,
    pageMarginTop: 0,
    pageMarginBottom: 0,
    pageMarginLeft: 4,
    pageMarginRight: 4,
    spacingStaff: 8,
    minLastJustification: 0.2,
  };
  toolkit.setOptions(options);
  if (!toolkit.loadData(r.mei)) throw new Error(toolkit.getLog());
  const measures = Array.from(r.mei.matchAll(/<measure xml:id="([^"]+)"/g), (m) => m[1]!);
  const bars = measures.length;
  let pages = toolkit.getPageCount();
  const counts = new Map<number, number>(); // measures of a page
  for (const id of pages > 1 ? measures : []) counts.set(toolkit.getPageWithElement(id), (counts.get(toolkit.getPageWithElement(id)) ?? 0) + 1);
  const fits = Math.min(bars, ...[...counts].filter(([page]) => page < pages).map(([, n]) => n)); // what the last page has left says nothing
  const pickup = /<measure [^>]*metcon="false"/.test(r.mei);
  const most = r.barsASystem > 0 ? Math.min(fits, r.barsASystem) : fits;
  const each = evenly(pickup ? bars - 1 : bars, most);
  if (each < bars) {
    toolkit.setOptions({ ...options, breaks: 'encoded' });
    if (!toolkit.loadData(withBreaks(r.mei, each, pickup))) throw new Error(toolkit.getLog());
    pages = toolkit.getPageCount();
  }
  const systems: string[] = [];
  for (let page = 1; page <= pages; page++) systems.push(toolkit.renderToSVG(page));
  return systems;
}

let queue: Promise<void> = Promise.resolve();
scope.onmessage = (e) => {
  queue = queue.then(async () => {
    try {
      scope.postMessage({ id: e.data.id, systems: await engrave(e.data) });
    } catch (error) {
      scope.postMessage({ id: e.data.id, error: String(error) });
    }
  });
};
