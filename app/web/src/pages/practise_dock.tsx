// The dock under the score: you, beat, tempo, level, start and stop. And the count-in, large.
import type { Drill } from '../api_types';
import type { Shown } from '../live/shown';
import { beatLength, type Line, value } from '../music/line';
import type { View } from '../music/engrave';
import { Button } from '../parts/controls';
import { BeatRow, Level, levelWord, Readout } from '../parts/meters';
import { noteName } from '../score/labels';
import { say } from '../words';

interface DockProps {
  shown: Shown;
  drill: Drill;
  tempo: number;
  onTempo: ((by: number) => void) | null;
  clickOn: boolean;
  onStart: () => void;
  onStop: () => void;
  onAgain: () => void;
  onMark: () => void;
  onCancel: () => void;
}

export function Dock(p: DockProps) {
  const { shown } = p;
  const playing = shown.phase === 'count_in' || shown.phase === 'listen';
  const beats = shown.beat?.beatsInBar ?? p.drill.prompt.line.measures?.[0]?.beats ?? 4;
  const unpitched = p.drill.instrument?.unpitched === true || p.drill.prompt.kind === 'clap';
  return (
    <section class="dock" aria-label={say('dock')}>
      {!unpitched && <div class="dock-you"><h2>{say('you')}</h2><Readout heard={shown.heard} /></div>}
      <div class="dock-beat">
        <h2>{say('beat')}</h2>
        <BeatRow beats={beats} strong={[0]} now={shown.beat ? shown.beat.beat - 1 : -1} />
        <span class="dock-words">{shown.beat ? (shown.beat.bar < 1 ? say('counting_in') : say('bar_beat', { bar: shown.beat.bar, beat: shown.beat.beat })) : say('beat_waiting')}</span>
      </div>
      <div class="dock-tempo">
        <h2>{say('tempo')}</h2>
        {p.onTempo && p.tempo > 0 ? (
          <div class="tempo">
            {!playing && <Button onClick={() => p.onTempo!(-4)} label={say('slower')} shortcut="-">−</Button>}
            <span class="tempo-mark">{say('tempo_mark', { bpm: Math.round(p.tempo) })}</span>
            {!playing && <Button onClick={() => p.onTempo!(4)} label={say('faster')} shortcut="+">+</Button>}
          </div>
        ) : <span class="tempo-mark">{say('tempo_free')}</span>}
        <span class="dock-words">{say(p.clickOn ? 'click_on' : 'click_off')}</span>
      </div>
      <div class="dock-level">
        <h2>{say('level')}</h2>
        <Level db={shown.levelDb} word={shown.applied ? levelWord(shown.levelDb, shown.peakDb) : 'level_closed'} />
      </div>
      <div class="dock-actions">{playing ? <Playing {...p} /> : <Ready {...p} />}</div>
    </section>
  );
}

function Playing(p: DockProps) {
  return (
    <>
      {p.shown.phase === 'count_in'
        ? <Button kind="filled" onClick={p.onCancel} keyName="Esc" shortcut="Escape">{say('not_yet_button')}</Button>
        : <Button kind="filled" onClick={p.onStop} keyName="Space">{say('stop')}</Button>}
      <Button onClick={p.onAgain} keyName="R">{say('again')}</Button>
      <Button onClick={p.onMark} keyName="M">{p.shown.marks > 0 ? say('mark_n', { n: p.shown.marks }) : say('mark')}</Button>
    </>
  );
}

function Ready(p: DockProps) {
  const busy = p.shown.phase === 'judge' || p.shown.phase === 'opening';
  const word = p.shown.asks.includes('rating') ? 'rate_waits' : p.shown.phase === 'judge' ? 'judging' : p.shown.phase === 'opening' ? 'opening' : p.shown.verdict ? 'once_more' : 'count_me_in';
  return <Button kind="filled" onClick={p.onStart} keyName="Space" disabled={busy}>{say(word)}</Button>;
}

/** Counts up, as musicians do, and tells where to come in. */
export function CountIn({ shown, line, view }: { shown: Shown; line: Line; view: View }) {
  const first = line.notes[0];
  const measure = line.measures[0];
  const late = first && measure && value(first.onset) > 0 ? Math.floor(value(first.onset) / value(beatLength(measure))) + 1 : 1;
  return (
    <div class="count-in" aria-hidden="true">
      <p>{say('counting_in')}</p>
      <p class="count-number">{shown.beat && shown.beat.bar < 1 ? shown.beat.beat : '–'}</p>
      <p>{first ? (first.pitched ? say('begin_on_note', { beat: late, note: noteName(first, view) }) : say('begin_on', { beat: late })) : ''}</p>
    </div>
  );
}
