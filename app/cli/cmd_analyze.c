// About this file: woodshed analyze: what was heard in a take, without any score: track, notes, onsets, events.
#include "app/cli/common.h"
#include "app/cli/live.h"
#include "app/cli/take_csv.h"
#include "app/session/click.h"
#include "app/session/listen.h"
#include "engine/base/str.h"
#include "engine/take/given.h"

#include <math.h>

static void
print_lines(shed_cli *cli, const shed_take *take, void (*write)(const shed_take *take, shed_str *out))
{
  shed_str text = {0};
  write(take, &text);
  (void)fputs(shed_str_text(&text), cli->out);
  shed_str_free(&text);
}

static shed_json *
note_json(const shed_heard_note *n, bool sound)
{
  shed_json *o = shed_json_object();
  shed_json_set_real(o, "onset_s", (double)n->onset_s, 4);
  shed_json_set_real(o, "offset_s", (double)n->offset_s, 4);
  if (n->midi < 0) {
    shed_json_set_null(o, "midi");
    shed_json_set_null(o, "cents");
  } else {
    shed_json_set_int(o, "midi", n->midi);
    shed_json_set_real(o, "cents", (double)n->cents, 1);
  }
  shed_json_set_real(o, "confidence", (double)n->confidence, 3);
  shed_json_set_real(o, "level_db", sound ? (double)n->level_db : (double)NAN, 1);
  shed_json_set_real(o, "cents_sd", (double)n->cents_sd, 1);
  shed_json_set_real(o, "drift_cents_per_s", (double)n->drift_cents_per_s, 1);
  shed_json_set_real(o, "vibrato_hz", (double)n->vibrato_hz, 2);
  shed_json_set_real(o, "vibrato_cents", (double)n->vibrato_cents, 1);
  return o;
}

// null where there is no steady beat
static void
set_tempo(shed_json *o, const shed_take *take)
{
  shed_json *beats = shed_json_array();
  for (size_t i = 0; i < take->n_beats; i++) {
    shed_json *beat = shed_json_object();
    shed_json_set_real(beat, "time_s", (double)take->beats[i].time_s, 4);
    shed_json_set_real(beat, "confidence", (double)take->beats[i].confidence, 3);
    shed_json_set_real(beat, "bpm", (double)take->beats[i].bpm, 2);
    shed_json_add(beats, beat);
  }
  shed_json_set_real(o, "tempo_bpm", take->tempo.bpm > 0 ? (double)take->tempo.bpm : (double)NAN, 2);
  shed_json_set_real(o, "tempo_confidence", (double)take->tempo.confidence, 3);
  shed_json_set_real(o, "tempo_other_bpm",
                     take->tempo.other_bpm > 0 ? (double)take->tempo.other_bpm : (double)NAN, 2);
  shed_json_set_real(o, "tempo_other_share", (double)take->tempo.other_share, 3);
  shed_json_set(o, "beats", beats);
}

static shed_json *
take_json(const shed_take *take)
{
  shed_json *o        = shed_json_object();
  shed_json *notes    = shed_json_array();
  shed_json *onsets   = shed_json_array();
  shed_json *warnings = shed_json_array();
  for (size_t i = 0; i < take->n_notes; i++) {
    shed_json_add(notes, note_json(&take->notes[i], take->kind == SHED_TAKE_AUDIO));
  }
  for (size_t i = 0; i < take->n_onsets; i++) {
    shed_json *onset = shed_json_object();
    shed_json_set_real(onset, "time_s", (double)take->onsets[i].time_s, 4);
    shed_json_set_real(onset, "strength", (double)take->onsets[i].strength, 3);
    shed_json_set_real(onset, "confidence", (double)take->onsets[i].confidence, 3);
    shed_json_add(onsets, onset);
  }
  for (int i = 0; i < take->n_warnings; i++) {
    shed_json_add(warnings, shed_message_to_json(&take->warnings[i]));
  }
  shed_json_set_str(o, "schema", "woodshed/heard/1");
  shed_json_set_str(o, "engine", SHED_VERSION);
  bool sound = take->kind == SHED_TAKE_AUDIO;
  shed_json_set_str(o, "ear", take->ear);
  shed_json_set_str(o, "sha256", take->sha256.text);
  shed_json_set_real(o, "duration_s", take->duration_s, 4);
  // what only sound can show is null elsewhere
  shed_json_set_real(o, "rate_hz", sound ? take->rate_hz : (double)NAN, 0);
  shed_json_set_real(o, "snr_db", (double)take->snr_db, 1);
  shed_json_set_real(o, "noise_db", sound ? (double)take->noise_db : (double)NAN, 1);
  shed_json_set_real(o, "clipped", sound ? take->clipped : (double)NAN, 0);
  shed_json_set(o, "notes", notes);
  shed_json_set(o, "onsets", onsets);
  set_tempo(o, take);
  shed_cli_set_playing(o, take);
  shed_json_set(o, "warnings", warnings);
  return o;
}

static void
print_note(shed_cli *cli, const shed_heard_note *n)
{
  char name[24]  = "(no pitch)";
  char cents[24] = "";
  if (n->midi >= 0) {
    shed_cli_note_name(shed_pitch_spell(n->midi, 0), name, sizeof(name));
    (void)snprintf(cents, sizeof(cents), "%+.0f cents", (double)n->cents);
  }
  // names hold signs of several bytes: pad by columns
  int pad = 11 - (int)shed_utf8_columns(name);
  (void)fprintf(cli->out, "  %8.2f s  %6.2f s  %s%*s %-10s  sure %3.0f %%\n", (double)n->onset_s,
                (double)(n->offset_s - n->onset_s), name, pad > 0 ? pad : 0, "", cents,
                100 * (double)n->confidence);
}

static void
print_summary(shed_cli *cli, const shed_take *take)
{
  char rate[24] = "";
  if (take->kind == SHED_TAKE_AUDIO) {
    (void)snprintf(rate, sizeof(rate), " at %d Hz", take->rate_hz);
  }
  (void)fprintf(cli->out, "%.1f s%s, %zu notes, %zu onsets", take->duration_s, rate, take->n_notes,
                take->n_onsets);
  if (!isnan(take->snr_db)) {
    (void)fprintf(cli->out, ", %.0f dB above the noise", (double)take->snr_db);
  }
  (void)fprintf(cli->out, "\n");
  if (take->playing.told && take->playing.found) {
    (void)fprintf(cli->out, "The accompaniment is heard %.0f ms late, and was taken out.\n",
                  1000 * take->playing.delay_s);
  } else if (take->playing.told) {
    (void)fprintf(cli->out, "The accompaniment is not heard in it: nothing was taken out.\n");
  }
  for (int i = 0; i < take->n_warnings; i++) {
    shed_cli_message(cli, 2, &take->warnings[i]);
  }
  if (take->n_notes) {
    (void)fprintf(cli->out, "\n  %10s  %8s  %-11s\n", "begins", "lasts", "note");
  }
  for (size_t i = 0; i < take->n_notes; i++) {
    print_note(cli, &take->notes[i]);
  }
}

static void
print_event(void *ctx, const shed_event *event)
{
  shed_cli *cli  = ctx;
  shed_str  line = {0};
  if (event) {
    shed_event_line(event, &line);
    (void)fputs(shed_str_text(&line), cli->out);
  }
  shed_str_free(&line);
}

static shed_exit
print_take(shed_cli *cli, const shed_take *take)
{
  if (shed_cli_has(cli, "frames")) {
    print_lines(cli, take, shed_take_csv_frames);
  } else if (shed_cli_has(cli, "notes")) {
    print_lines(cli, take, shed_take_csv_notes);
  } else if (shed_cli_has(cli, "onsets")) {
    print_lines(cli, take, shed_take_csv_onsets);
  } else if (shed_cli_has(cli, "json")) {
    return shed_cli_json(cli, take_json(take), SHED_EXIT_DONE);
  } else {
    print_summary(cli, take);
  }
  return SHED_EXIT_DONE;
}

static shed_exit
run(shed_cli *cli)
{
  static const char *const forms[]  = {"frames", "notes", "onsets", "events", "json"};
  const char              *click_at = shed_cli_option(cli, "click");
  shed_listen_beside       beside   = {.playing = shed_cli_option(cli, "playing")};
  shed_error               err      = {0};
  shed_take                take     = {0};
  int                      chosen   = 0;
  for (size_t i = 0; i < SHED_COUNTOF(forms); i++) {
    chosen += shed_cli_has(cli, forms[i]);
  }
  if (chosen > 1) {
    return shed_cli_usage(cli, "only one of --frames, --notes, --onsets, --events and --json");
  }
  if (click_at && shed_click_parse(click_at, &beside.click, &err) != SHED_OK) {
    return shed_cli_usage(cli, "%s: %s", err.where, err.what);
  }
  if (shed_given_is(cli->args[0]) && (click_at || beside.playing || shed_cli_has(cli, "events"))) {
    return shed_cli_usage(cli, "--%s goes with sound, and %s holds none",
                          click_at         ? "click"
                          : beside.playing ? "playing"
                                           : "events",
                          cli->args[0]);
  }
  if (shed_cli_has(cli, "events")) {
    return shed_cli_live(cli, &beside, NULL, print_event, cli); // as a live listener would see them
  }
  shed_status st = shed_listen_file(cli->args[0], NULL, &beside, NULL, shed_cli_progress, cli, &take, &err);
  if (st != SHED_OK) {
    return shed_cli_error(cli, st, &err);
  }
  shed_exit code = print_take(cli, &take);
  shed_take_free(&take);
  return code;
}

static const shed_option options[] = {
    {"frames", NULL, "the pitch track, a row each 10 ms: time_s,f0_hz,voiced,confidence,level_db", NULL},
    {"notes", NULL, "the notes: onset_s,offset_s,midi,cents,confidence", NULL},
    {"onsets", NULL, "the onsets: onset_s,strength,confidence", NULL},
    {"events", NULL, "everything as it would come live, a JSON document a line", NULL},
    SHED_OPTION_JSON,
    {"click", "BPM@START_S",
     "a metronome sounds in the take, so fast, one click of it at START_S: it is no note", NULL},
    {"playing", "FILE[@START_S]",
     "accompaniment that a loudspeaker played meanwhile, its beginning at START_S in the take (default 0): "
     "it is taken out",
     "file"},
};
static const shed_action actions[] = {{"", "TAKE", "", 1, 1, run}};

const shed_command shed_command_analyze = {
    "analyze",
    "Tell what is heard in a take: notes, onsets, pitch track",
    "TAKE is a sound file of any usual kind, or - for WAV on standard input; or *.mid, a keyboard "
    "performance,\n"
    "*.f0.csv (time_s,f0_hz), *.notes.csv (onset_s,offset_s,midi,cents), *.onsets.csv (onset_s). Times count "
    "from\n"
    "the first sample. What a kind of take cannot show is null or left out. In what is heard of sound,\n"
    "f0_hz is the best candidate even where voiced is 0; confidence is the chance that it is right within "
    "50\n"
    "cents; cents are from the nearest key at A4 = 440.",
    actions,
    SHED_COUNTOF(actions),
    options,
    SHED_COUNTOF(options),
};
