"""MuseScore as a second opinion on the score fixtures, and what it writes as input of ours.

    python3 musescore.py WOODSHED FIXTURES

For each MusicXML fixture MuseScore writes MIDI, MusicXML and .mxl. Compared are: sound, our reading of the fixture with
mido's of MuseScore's MIDI; written and packed, our readings of the fixture and of MuseScore's MusicXML and .mxl; midi, our
reading of MuseScore's MIDI with mido's. musescore.txt says where they differ and why. Exit status 77: not installed.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

import sound

HERE = os.path.dirname(os.path.abspath(__file__))
NEAR = 0.02  # quarters: MuseScore rounds tuplets to ticks


def convert(program, folder, fixtures):
    """Every fixture to .mid, .musicxml and .mxl in folder/out."""
    out = os.path.join(folder, 'out')
    os.mkdir(out)
    job = []
    for name in sorted(os.listdir(fixtures)):
        stem, ending = os.path.splitext(name)
        if ending in ('.musicxml', '.mxl'):
            job.append({'in': os.path.join(fixtures, name),
                        'out': [os.path.join(out, stem + e) for e in ('.mid', '.musicxml', '.mxl')]})
    with open(os.path.join(folder, 'job.json'), 'w', encoding='utf-8') as file:
        json.dump(job, file)
    subprocess.run([program, '-j', os.path.join(folder, 'job.json')], capture_output=True, timeout=240, check=False,
                   env={**os.environ, 'HOME': folder, 'XDG_RUNTIME_DIR': folder, 'QT_QPA_PLATFORM': 'offscreen'})
    return [(j['in'], *j['out']) for j in job]


def compare(woodshed, files, report):
    for source, midi, written, packed in files:
        name = os.path.basename(source)
        ours, seconds = sound.read_ours(woodshed, source)
        if ours is None:
            print(f'{name}: {seconds}')
            report.wrong += 1
            continue
        theirs = sound.read_theirs(midi) if os.path.exists(midi) else []
        report.take(name, 'sound', sound.difference(ours, theirs, NEAR))
        if not theirs:
            continue  # MuseScore made nothing of it, and nothing is left to read
        for what, path in (('written', written), ('packed', packed)):
            again, why = sound.read_ours(woodshed, path)
            if again is None:
                print(f'{name}: {what}: {why}')
            report.take(name, what, sound.difference(ours, again or [], NEAR))
        again, why = sound.read_ours(woodshed, midi)
        report.take(name, 'midi', sound.difference(again or [], theirs, NEAR))


def main():
    woodshed, fixtures = sys.argv[1:3]
    program = shutil.which('mscore3') or shutil.which('musescore3')
    if not program:
        print('skipped: MuseScore is not installed (Debian: musescore3)')
        return 77
    report = sound.Report(sound.read_known(os.path.join(HERE, 'musescore.txt')))
    with tempfile.TemporaryDirectory(prefix='woodshed_musescore_') as folder:
        files = convert(program, folder, fixtures)
        if not any(os.path.exists(f[1]) for f in files):
            print('skipped: MuseScore is installed and does not run here')
            return 77
        compare(woodshed, files, report)
    return report.end()


sys.exit(main())
