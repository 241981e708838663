// About this file: items of the ear's corpus as files, so that any program can be run on them.
#include "engine/audio/file.h"
#include "engine/base/file.h"
#include "engine/base/str.h"
#include "tests/corpus/ear.h"
#include "tests/corpus/make_job.h"

#include <stdio.h>

enum { EXIT_INPUT = 3 };

// PREFIX.wav's neighbours: each what an outside program needs of the truth.
static shed_status
write_csv(const char *prefix, const char *ending, shed_str *text, shed_error *err)
{
  char path[512];
  (void)snprintf(path, sizeof(path), "%s%s", prefix, ending);
  shed_status st = text->failed ? shed_fail(err, SHED_E_NOMEM, path, "%s", shed_status_text(SHED_E_NOMEM))
                                : shed_file_write_atomic(path, shed_str_text(text), text->len, err);
  shed_str_free(text);
  return st;
}

static shed_status
write_item(const char *prefix, const corpus_ear_sound *s, shed_error *err)
{
  char        path[512];
  shed_str    frames = {0};
  shed_str    notes  = {0};
  shed_str    clicks = {0};
  shed_status st;
  shed_str_add(&frames, "time_s,f0_hz\n");
  for (int f = 0; f < s->frames; f++) {
    shed_str_addf(&frames, "%.2f,%.3f\n", f / 100.0, (double)s->f0_hz[f]);
  }
  shed_str_add(&notes, "onset_s,offset_s,f0_hz,slurred\n");
  for (int i = 0; i < s->n_notes; i++) {
    const corpus_ear_note *k = &s->notes[i];
    shed_str_addf(&notes, "%.4f,%.4f,%.3f,%d\n", k->onset_s, k->offset_s, k->f0_hz, k->slurred);
  }
  (void)snprintf(path, sizeof(path), "%s.wav", prefix);
  if ((st = shed_sound_save(path, s->x, (size_t)s->n, CORPUS_EAR_RATE_HZ, err)) != SHED_OK ||
      (st = write_csv(prefix, ".truth-f0.csv", &frames, err)) != SHED_OK ||
      (st = write_csv(prefix, ".truth-notes.csv", &notes, err)) != SHED_OK) {
    shed_str_free(&frames);
    shed_str_free(&notes);
    return st;
  }
  if (s->click_period_s > 0) {
    shed_str_addf(&clicks, "first_s,period_s\n%.4f,%.4f\n", s->click_first_s, s->click_period_s);
    st = write_csv(prefix, ".click.csv", &clicks, err);
  }
  return st;
}

int
corpus_ear_list(void)
{
  for (size_t i = 0; i < corpus_ear_count(); i++) {
    corpus_ear_item item;
    corpus_ear_at(i, &item);
    (void)printf("%-44s %-8s %-15s %-20s %s%s\n", item.name, CORPUS_EAR_HALF_NAME[item.half],
                 CORPUS_EAR_CLASS_NAME[item.kind], CORPUS_EAR_HARM_NAME[item.harm], item.trap ? "trap " : "",
                 item.fast ? "fast" : "");
  }
  return 0;
}

int
corpus_ear_write(const char *name, const char *prefix)
{
  corpus_ear_item  item;
  corpus_ear_sound s   = {0};
  shed_error       err = {0};
  shed_status      st  = corpus_ear_find(name, &item);
  if (st != SHED_OK) {
    st = shed_fail(&err, st, name, "no such item; see --ear-list");
  } else if ((st = corpus_ear_make(&item, &s, &err)) == SHED_OK) {
    st = write_item(prefix, &s, &err);
    corpus_ear_free(&s);
  }
  if (st != SHED_OK) {
    (void)fprintf(stderr, "corpus_make: %s: %s\n", err.where, err.what);
    return EXIT_INPUT;
  }
  return 0;
}
