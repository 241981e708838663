"""MIDI files as sequencers, web editors and careless programs write them, and what mido hears in them.

    python3 mido_files.py WOODSHED

Each file is read by woodshed read --json and by mido; both must say the same keys at the same seconds. What mido cannot read
or reads otherwise stands in mido.txt. Exit status 77: mido is not installed.
"""
import os
import struct
import sys
import tempfile

import mido
import sound

HERE = os.path.dirname(os.path.abspath(__file__))
NEAR_S = 0.012  # a place that was meant is up to a tick and a half from the one that is written
END = b'\x00\xff\x2f\x00'


def quantity(n):
    out = bytes([n & 127])
    while n := n >> 7:
        out = bytes([128 | (n & 127)]) + out
    return out


def on(delta, key, channel=0):
    return quantity(delta) + bytes([0x90 | channel, key, 80])


def off(delta, key, channel=0):
    return quantity(delta) + bytes([0x80 | channel, key, 0])


def note(length, key, channel=0):
    return on(0, key, channel) + off(length, key, channel)


def meta(delta, kind, data):
    return quantity(delta) + b'\xff' + bytes([kind]) + quantity(len(data)) + data


def tempo(delta, microseconds):
    return meta(delta, 0x51, microseconds.to_bytes(3, 'big'))


def file_of(division, tracks, form=1, behind=b'', head=b''):
    data = b'MThd' + struct.pack('>IHHH', 6 + len(head), form, len(tracks), division) + head
    return data + b''.join(b'MTrk' + struct.pack('>I', len(t)) + t for t in tracks) + behind


def scale(division, form=0):
    """Eighths, triplets, sixteenths and fifths, rounded to whole ticks."""
    track, now = b'', 0
    places = [0, .5, 1, 4 / 3, 5 / 3, 2, 2.25, 2.5, 2.75, 3, 3.2, 3.4, 3.6, 3.8, 4, 5.5, 8]
    for i, (a, b) in enumerate(zip(places, places[1:])):
        start, end = round(a * division), round(b * division)
        track += on(start - now, 60 + i) + off(end - start, 60 + i)
        now = end
    return file_of(division, [track + END], form)


def files():
    yield from ((f'division_{d}', scale(d)) for d in (24, 48, 50, 96, 100, 120, 192, 220, 256, 384, 480, 500, 960, 1000, 10080))
    yield 'running_status', file_of(96, [on(0, 60) + b'\x60\x3c\x00\x00\x3e\x50\x60\x3e\x00' + END], 0)
    yield 'tempo_in_the_last_track', file_of(480, [note(480, 60) + note(480, 62) + note(960, 64) + END,
                                                   tempo(0, 1000000) + tempo(480, 500000) + tempo(720, 300000) + END])
    yield 'tempo_inside_a_note', file_of(480, [tempo(0, 600000) + tempo(240, 400000) + END, note(480, 60) + note(480, 62) + END])
    yield 'a_key_struck_again', file_of(480, [on(0, 60) + on(480, 60) + off(480, 60) + off(0, 60) + note(480, 62) + END], 0)
    yield 'held_over_bars', file_of(480, [on(960, 60) + off(3360, 60) + note(480, 62) + note(480, 64) + END], 0)
    yield 'two_voices', file_of(480, [note(480, 72) + note(1440, 74) + note(1920, 76) + END,
                                      note(3840, 48, 1) + note(1920, 43, 1) + END])
    yield 'channels_of_format_0', file_of(480, [on(0, 60) + on(0, 48, 1) + off(480, 60) + note(480, 62) + off(960, 48, 1) + END], 0)
    yield 'drums', file_of(480, [on(0, 36, 9) + on(0, 42, 9) + off(240, 36, 9) + off(0, 42, 9) + note(240, 42, 9) + note(480, 38, 9)
                                 + END], 0)
    yield 'exclusive', file_of(480, [b'\x00\xf0\x05\x7e\x7f\x09\x01\xf7' + note(480, 60) + b'\x00\xf0\x03\x43\x12\x00\x0a\xf7\x03'
                                     b'\x43\x12\xf7' + on(470, 62) + off(480, 62) + END], 0)
    yield 'texts', file_of(480, [meta(0, 3, 'Flöte'.encode('latin-1')) + meta(0, 1, 'フルート'.encode('shift_jis'))
                                 + meta(0, 4, 'Fl\0u\0te'.encode('utf-16')) + meta(0, 0x7f, b'\x00\x01\x02') + note(480, 60) + END], 0)
    yield 'metres', file_of(480, [meta(0, 0x58, b'\x06\x03\x24\x08') + meta(1440, 0x58, b'\x05\x03\x18\x08')
                                  + meta(1200, 0x58, b'\x04\x02\x18\x08') + END,
                                  b''.join(note(240, 60 + i) for i in range(19)) + END])
    yield 'keys', file_of(480, [meta(0, 0x59, b'\xfd\x00') + note(480, 63) + meta(0, 0x59, b'\x04\x01') + note(480, 64) + END], 0)
    yield 'controllers', file_of(480, [b'\x00\xc0\x49\x00\xb0\x40\x7f' + note(480, 60) + b'\x00\xe0\x00\x50\x00\xd0\x40\x00\xa0\x3c\x40'
                                       + note(480, 62) + END], 0)
    yield 'no_end_of_track', file_of(480, [note(480, 60) + note(480, 62)], 0)
    yield 'a_long_head', file_of(480, [note(480, 60) + END], 0, head=b'\x00\x00')
    yield 'a_chunk_of_another_kind', file_of(480, [note(480, 60) + END], 0, behind=b'XFIH\x00\x00\x00\x02ab')
    yield 'zeros_behind', file_of(480, [note(480, 60) + END], 0, behind=b'\x00' * 7)
    yield 'an_empty_track', file_of(480, [END, note(480, 60) + END])
    yield 'real_time_bytes', file_of(480, [on(0, 60) + b'\x78\xf8' + off(360, 60) + note(480, 62) + END], 0)


def compare(woodshed, name, path, report):
    ours, seconds = sound.read_ours(woodshed, path)
    try:
        theirs = sound.onsets_in_seconds(path)
    except (OSError, EOFError, ValueError, KeyError) as error:
        print(f'{name}: mido: {error!r}')
        theirs = []
    if ours is None:
        print(f'{name}: {seconds}')
    report.take(name, 'seconds', sound.difference(seconds if ours else [], theirs, NEAR_S))


def main():
    report = sound.Report(sound.read_known(os.path.join(HERE, 'mido.txt')))
    with tempfile.TemporaryDirectory(prefix='woodshed_mido_') as folder:
        for name, data in files():
            path = os.path.join(folder, name + '.mid')
            with open(path, 'wb') as file:
                file.write(data)
            compare(sys.argv[1], name, path, report)
    print(f'mido {getattr(mido, "__version__", "")}')
    return report.end()


sys.exit(main())
