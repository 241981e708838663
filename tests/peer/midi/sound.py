"""What sounds: of a score by woodshed read, of a MIDI file by mido, and how the two differ."""
import json
import subprocess

import mido


def read_ours(woodshed, path):
    """Notes of all parts as (onset, midi or None, length) in quarters, and (onset, midi) in seconds. None: refused."""
    notes, seconds, part, parts = [], [], 1, 1
    while part <= parts:
        run = subprocess.run([woodshed, 'read', path, '--json', '--part', str(part)], capture_output=True, text=True)
        if run.returncode != 0:
            return None, run.stderr.strip()
        answer = json.loads(run.stdout)
        parts = len(answer['parts'])
        for n in answer['notes']:
            if n['duration_beats'] > 0:  # grace notes have a place and no time
                notes.append((n['onset_beats'], n['midi'], n['duration_beats']))
                seconds.append((n['onset_s'], n['midi']))
        part += 1
    return notes, seconds


def read_theirs(path):
    """Notes of a MIDI file as (onset, midi, length) in quarters."""
    file = mido.MidiFile(path)
    notes = []
    for track in file.tracks:
        now, held = 0, {}
        for event in track:
            now += event.time
            if event.type == 'note_on' and event.velocity > 0:
                held.setdefault((event.channel, event.note), []).append(now)
            elif event.type in ('note_on', 'note_off') and held.get((event.channel, event.note)):
                on = held[event.channel, event.note].pop(0)
                notes.append((on / file.ticks_per_beat, event.note, (now - on) / file.ticks_per_beat))
    return notes


def onsets_in_seconds(path):
    """(onset, midi) of a MIDI file in seconds, by mido's own clock."""
    now, notes = 0.0, []
    for event in mido.MidiFile(path):
        now += event.time
        if event.type == 'note_on' and event.velocity > 0:
            notes.append((now, event.note))
    return notes


def difference(ours, theirs, near):
    """How many only we have, only they have, and are of another length by more than a tenth. None is any key (a drum)."""
    left, only_ours, lengths = list(theirs), 0, 0
    for onset, midi, *length in sorted(ours, key=lambda n: (n[1] is None, n[0])):
        at = next((i for i, t in enumerate(left) if abs(t[0] - onset) < near and midi in (None, t[1])), None)
        if at is None:
            only_ours += 1
            continue
        found = left.pop(at)
        if length and abs(found[2] - length[0]) > 0.02 + length[0] / 10:
            lengths += 1
    return only_ours, len(left), lengths


def read_known(path):
    """Lines "NAME WHAT ours theirs lengths" of a list of known differences; # begins a comment."""
    known = {}
    with open(path, encoding='utf-8') as file:
        for line in file:
            words = line.split()
            if words and not line.startswith('#'):
                known[words[0], words[1]] = tuple(int(w) for w in words[2:5])
    return known


class Report:
    """Counts what is equal, what differs as is known, and what is not explained."""

    def __init__(self, known):
        self.known, self.equal, self.explained, self.wrong = known, 0, 0, 0

    def take(self, name, what, found):
        should = self.known.get((name, what), (0, 0, 0))
        if found == should:
            self.equal += found == (0, 0, 0)
            self.explained += found != (0, 0, 0)
            return
        self.wrong += 1
        print(f'{name} {what} {found[0]} {found[1]} {found[2]}  <-- known is {should[0]} {should[1]} {should[2]}')

    def end(self):
        print(f'{self.equal} equal, {self.explained} differ for a known reason, {self.wrong} not explained')
        return 1 if self.wrong else 0
