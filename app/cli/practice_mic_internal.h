// What the files of the terminal's microphone share. practice_mic.c: opening, cues, a sound card; practice_mic_file.c: a file that
// stands for it; practice_mic_keys.c: a keyboard.
#ifndef SHED_CLI_PRACTICE_MIC_INTERNAL_H
#define SHED_CLI_PRACTICE_MIC_INTERNAL_H

#include "app/cli/practice_mic.h"
#include "engine/audio/file.h"
#include "engine/audio/latency.h"
#include "engine/audio/live.h"
#include "engine/audio/midi_in.h"
#include "engine/audio/stage.h"

enum { MIC_BLOCK = 441, MIC_READS = 400, MIC_KEYS = 128 };

// A message of a file that stands for a keyboard.
typedef struct {
  double  at_s;
  uint8_t status, data1, data2;
} mic_key;

struct shed_cli_mic {
  shed_cli      *cli;
  shed_cli_band *band;

  // a device
  shed_live   *live;
  shed_stage  *stage;
  bool         lost, has_measured;
  shed_latency measured;

  // a keyboard
  bool          is_keys;
  shed_midi_in *midi;
  mic_key      *script; // a file's
  size_t        n_script, next;
  double        script_s;
  uint8_t       down[MIC_KEYS];
  double        offset_s; // of the stream's clock from the machine's; NaN: not known yet
  int64_t       offset_ns;

  // a file
  bool        is_file, fast, plays;
  shed_sound  sound;
  uint64_t    at;        // frame of the stream that comes next
  uint64_t    starts_at; // of the file's first sample
  int64_t     started_ns;
  shed_mixer *mixer;    // what would sound beside it
  uint64_t    mixer_at; // its frame 0

  int  rate_hz;
  char name[160]; // of the file
};

int64_t mic_now_ns(void);
// Whether the next block of a file is due.
bool        mic_is_due(const shed_cli_mic *m, const shed_practice *p);
shed_status mic_push_file(shed_cli_mic *m, shed_practice *p, bool *over, shed_error *err);
shed_exit   mic_open_keys(shed_cli_mic *m);
shed_status mic_push_keys(shed_cli_mic *m, shed_practice *p, bool *over, shed_error *err);

#endif
