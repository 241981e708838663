// Compare the expectations of tests/fixtures/score with Verovio's timemap: onset, length and pitch of every note, and
// seconds where the expectation has them. An expectation that says "verovio: WORD" must differ, for the reason README.md
// gives under that word. Prints one line a difference; exit status 1 when one is not explained, or an explained one is gone.
//
//     node compare.mjs FOLDER [NAME ...]
import fs from 'node:fs';
import path from 'node:path';
import createVerovioModule from 'verovio/wasm';
import { VerovioToolkit } from 'verovio/esm';

const QUARTERS = 0.002; // Verovio rounds to 1/1000 and more in tuplets
const SECONDS = 0.002; // its timestamps are whole milliseconds

const [folder, ...names] = process.argv.slice(2);
const verovio = await createVerovioModule();

const fraction = (text) => {
  const [num, den] = text.split('/').map(Number);
  return num / (den ?? 1);
};

function readExpectation(file) {
  const blocks = [];
  let reason = null;
  for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
    if (line.startsWith('verovio:')) {
      reason = line.slice(8).trim();
    } else if (line.startsWith('select')) {
      blocks.push({ select: line, reason, notes: [] });
      reason = null;
    } else if (/^\d/.test(line) && blocks.length) {
      const [, midi, onset, duration, , , , seconds, flags] = line.split(' ');
      blocks.at(-1).notes.push({
        midi: midi === '-' ? null : Number(midi),
        onset: fraction(onset),
        duration: fraction(duration),
        seconds: seconds === '-' ? null : Number(seconds),
        grace: flags.split(',').includes('grace'),
      });
    }
  }
  for (const block of blocks.slice(0, 1)) {
    block.reason ??= reason;
  }
  return blocks;
}

// The part that a block selects, alone: Verovio's timemap does not say whose a note is.
function onePart(xml, select) {
  const ids = [...xml.matchAll(/<score-part id="([^"]*)"/g)].map((m) => m[1]);
  const wanted = /part=(\S+)/.exec(select)?.[1];
  if (ids.length < 2) {
    return xml;
  }
  const names = [...xml.matchAll(/<part-name>([^<]*)</g)].map((m) => m[1].toLowerCase());
  let at = wanted === undefined ? 0 : Number(wanted) - 1;
  if (Number.isNaN(at)) {
    at = Math.max(ids.map((id) => id.toLowerCase()).indexOf(wanted.toLowerCase()), names.indexOf(wanted.toLowerCase()));
  }
  for (const id of ids) {
    if (id !== ids[at]) {
      xml = xml.replace(new RegExp(`<score-part id="${id}">[\\s\\S]*?</score-part>`), '');
      xml = xml.replace(new RegExp(`<part id="${id}">[\\s\\S]*?</part>`, 'g'), '');
    }
  }
  return xml;
}

function load(toolkit, file, select) {
  const bytes = fs.readFileSync(file);
  if (file.endsWith('.mxl')) {
    return toolkit.loadZipDataBuffer(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  }
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  const latin1 = bytes.subarray(0, 100).toString('latin1').includes('ISO-8859-1');
  const xml = new TextDecoder(utf16 ? 'utf-16le' : latin1 ? 'latin1' : 'utf-8').decode(bytes);
  return toolkit.loadData(onePart(xml.replace(/encoding="[^"]*"/, 'encoding="UTF-8"'), select));
}

// The timemap tells each half of a tie; the ties themselves stand in Verovio's MEI.
function joinTies(notes, mei) {
  const tied = new Set();
  for (const [tie] of mei.matchAll(/<tie [^>]*>/g)) {
    tied.add(`${/startid="#([^"]*)"/.exec(tie)?.[1]} ${/endid="#([^"]*)"/.exec(tie)?.[1]}`);
  }
  const base = (id) => id.replace(/-rend\d+$/, '');
  const kept = [];
  for (const note of notes) {
    const before = kept.find(
      (k) => tied.has(`${base(k.last)} ${base(note.id)}`) && Math.abs(k.onset + k.duration - note.onset) < QUARTERS,
    );
    if (before) {
      before.duration += note.duration;
      before.last = note.id;
    } else {
      kept.push({ ...note, last: note.id });
    }
  }
  return kept;
}

function timemap(file, select) {
  const toolkit = new VerovioToolkit(verovio);
  toolkit.setOptions({ breaks: 'none', transposeToSoundingPitch: true, expandAlways: true });
  if (!load(toolkit, file, select)) {
    return null;
  }
  const sounding = new Map();
  const notes = [];
  for (const event of toolkit.renderToTimemap({ includeMeasures: false, includeRests: false })) {
    for (const id of event.off ?? []) {
      const note = sounding.get(id);
      if (note) {
        note.duration = event.qstamp - note.onset;
      }
      sounding.delete(id);
    }
    for (const id of event.on ?? []) {
      const midi = toolkit.getMIDIValuesForElement(id);
      const note = { id, midi: midi.pitch, onset: event.qstamp, duration: 0, seconds: event.tstamp / 1000 };
      notes.push(note);
      sounding.set(id, note);
    }
  }
  const joined = joinTies(notes, toolkit.getMEI());
  toolkit.destroy();
  return joined;
}

const order = (a, b) => a.onset - b.onset || (a.midi ?? 0) - (b.midi ?? 0);

function difference(expected, heard) {
  if (!heard) {
    return 'Verovio does not load it';
  }
  if (expected.length !== heard.length) {
    return `${expected.length} notes expected, Verovio has ${heard.length}`;
  }
  const left = [...expected].sort(order);
  const right = [...heard].sort(order);
  for (let i = 0; i < left.length; i++) {
    const [a, b] = [left[i], right[i]];
    for (const [what, x, y, tolerance] of [
      ['onset', a.onset, b.onset, QUARTERS],
      ['length', a.duration, b.duration, QUARTERS],
      ['pitch', a.midi, b.midi, 0],
      ['seconds', a.seconds, b.seconds, SECONDS],
    ]) {
      if (x !== null && Math.abs(x - y) > tolerance) {
        return `note ${i}: ${what} ${x} expected, Verovio has ${y}`;
      }
    }
  }
  return null;
}

let equal = 0;
let explained = 0;
let wrong = 0;
for (const entry of fs.readdirSync(folder).sort()) {
  const name = entry.replace(/\.(musicxml|mxl)$/, '');
  if (name === entry || (names.length && !names.includes(name))) {
    continue;
  }
  for (const block of readExpectation(path.join(folder, `${name}.expect`))) {
    if (/ (from|to|tempo|staff|voice)=/.test(block.select)) {
      continue; // Verovio plays whole parts
    }
    const found = difference(block.notes, timemap(path.join(folder, entry), block.select));
    if (!found && !block.reason) {
      equal++;
    } else if (found && block.reason) {
      explained++;
      console.log(`${name}: ${found} (${block.reason})`);
    } else {
      wrong++;
      console.log(`${name}: ${found ?? `equal, though "verovio: ${block.reason}" says it is not`}  <-- not explained`);
    }
  }
}
console.log(`${equal} equal, ${explained} differ for a known reason, ${wrong} not explained`);
process.exit(wrong ? 1 : 0);
