// About this file: the loop over the corpus, a batch at a time, since Praat wants many sounds in one process and memory
// wants few.
#include "tests/accuracy/pitch_run.h"

#include "engine/hear/hear.h"
#include "tests/accuracy/pitch_cache.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 32, TIMED_EVERY = 8 };

typedef struct {
  corpus_ear_sound sound[BATCH];
  pitch_item      *item[BATCH];
  size_t           n;
} batch;

static double
now_cpu(void)
{
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void *
need(size_t n, size_t size)
{
  void *p = calloc(n + 1, size);
  if (!p) {
    fprintf(stderr, "out of memory\n");
    exit(4);
  }
  return p;
}

static bool
is_chosen(const pitch_choice *choice, const corpus_ear_item *item)
{
  for (size_t w = 0; w < choice->n_words; w++) {
    const char *word = choice->words[w];
    if (!strstr(item->name, word) && strcmp(word, CORPUS_EAR_GROUP_NAME[item->group]) != 0 &&
        strcmp(word, CORPUS_EAR_HARM_NAME[item->harm]) != 0 &&
        strcmp(word, CORPUS_EAR_CLASS_NAME[item->kind]) != 0 && !(strcmp(word, "trap") == 0 && item->trap) &&
        !(strcmp(word, "fast") == 0 && item->fast)) {
      return false;
    }
  }
  if (choice->lean && item->group != CORPUS_EAR_SYNTH &&
      (item->half == CORPUS_EAR_REPORT || strstr(item->name, "singer"))) {
    return false;
  }
  // scattered, so that no half, group or neighbour is favoured
  uint32_t at = (uint32_t)item->base * 2654435761U + (uint32_t)item->harm * 2246822519U;
  return choice->every < 2 || (at >> 16) % choice->every == 0;
}

static void
hear_own(pitch_item *item, const corpus_ear_sound *s)
{
  shed_take  take;
  shed_error err = {.status = SHED_OK};
  if (shed_hear_take(s->x, (size_t)s->n, PITCH_RATE_HZ, NULL, NULL, NULL, &take, &err) != SHED_OK) {
    fprintf(stderr, "cannot hear %s: %s\n", item->item.name, err.what);
    exit(4);
  }
  item->own        = need((size_t)item->truth.frames, sizeof(*item->own));
  item->confidence = need((size_t)item->truth.frames, sizeof(*item->confidence));
  for (int f = 0; f < item->truth.frames && (size_t)f < take.n_frames; f++) {
    item->own[f]        = (pitch_point){take.frames[f].f0_hz, take.frames[f].voiced ? 1 : 0};
    item->confidence[f] = take.frames[f].confidence;
  }
  shed_take_free(&take);
}

// What the cache holds is taken from it, the rest is heard in one go.
static void
hear_peer(pitch_run *run, size_t p, const batch *b, const char *cache_dir)
{
  const pitch_peer *peer = pitch_peer_at(p);
  pitch_job         job[BATCH];
  shed_sha256       key[BATCH];
  size_t            n = 0;
  for (size_t i = 0; i < b->n; i++) {
    pitch_item *item = b->item[i];
    if (!pitch_peer_hears(peer, &item->item)) {
      continue;
    }
    item->peer[p] = need((size_t)item->truth.frames, sizeof(pitch_point));
    job[n]        = (pitch_job){b->sound[i].x, b->sound[i].n, item->peer[p], item->truth.frames};
    if (cache_dir) {
      key[n] = pitch_cache_key(run->version[p], &job[n]);
    }
    n += !(cache_dir && pitch_cache_get(cache_dir, &key[n], &job[n]));
  }
  peer->hear(peer, job, n);
  for (size_t i = 0; i < n && cache_dir; i++) {
    pitch_cache_put(cache_dir, &key[i], &job[i]);
  }
}

// The cost of ours and of yinfft 4096 on the same sound, one after the other.
static void
time_both(pitch_run *run, pitch_item *item, const corpus_ear_sound *s, double own_cpu_s)
{
  pitch_point *said  = need((size_t)item->truth.frames, sizeof(*said));
  pitch_job    job   = {s->x, s->n, said, item->truth.frames};
  double       start = now_cpu();
  pitch_hear_aubio(pitch_peer_named("yinfft 4096"), &job, 1);
  run->timed_peer_cpu_s += now_cpu() - start;
  run->timed_own_cpu_s += own_cpu_s;
  run->timed_s += s->n / (double)PITCH_RATE_HZ;
  free(said);
}

static void
hear_batch(pitch_run *run, batch *b, const pitch_choice *choice)
{
  for (size_t i = 0; i < b->n; i++) {
    double start = now_cpu();
    hear_own(b->item[i], &b->sound[i]);
    double cpu_s = now_cpu() - start;
    run->own_cpu_s += cpu_s;
    run->sound_s += b->sound[i].n / (double)PITCH_RATE_HZ;
    if (i % TIMED_EVERY == 0) {
      time_both(run, b->item[i], &b->sound[i], cpu_s);
    }
  }
  for (size_t p = 0; p < pitch_peer_count(); p++) {
    if (run->installed[p]) {
      hear_peer(run, p, b, choice->cache_dir);
    }
  }
  for (size_t i = 0; i < b->n; i++) {
    corpus_ear_free(&b->sound[i]);
  }
  b->n = 0;
}

// The truth stays when the sound goes.
static void
keep_truth(pitch_item *to, const corpus_ear_sound *s)
{
  to->truth =
      (pitch_truth){need((size_t)s->frames, sizeof(float)), s->frames,
                    need((size_t)s->n_notes, sizeof(corpus_ear_note)), s->n_notes, to->item.exact_cents};
  memcpy(to->truth.f0_hz, s->f0_hz, (size_t)s->frames * sizeof(float));
  memcpy(to->truth.notes, s->notes, (size_t)s->n_notes * sizeof(corpus_ear_note));
}

static void
ask_peers(pitch_run *run, const pitch_choice *choice)
{
  for (size_t p = 0; p < pitch_peer_count(); p++) {
    const pitch_peer *peer = pitch_peer_at(p);
    run->asked[p]          = choice->peers || (choice->one_peer && strcmp(peer->name, choice->one_peer) == 0);
    run->installed[p] = run->asked[p] && pitch_peer_version(peer, run->version[p], sizeof(run->version[p]));
  }
}

void
pitch_run_make(pitch_run *run, const pitch_choice *choice)
{
  size_t count = corpus_ear_count();
  batch  b     = {.n = 0};
  memset(run, 0, sizeof(*run));
  run->items = need(count, sizeof(*run->items));
  ask_peers(run, choice);
  for (size_t i = 0; i < count; i++) {
    pitch_item *item = &run->items[run->n];
    shed_error  err  = {.status = SHED_OK};
    corpus_ear_at(i, &item->item);
    if (!is_chosen(choice, &item->item)) {
      continue;
    }
    if (corpus_ear_make(&item->item, &b.sound[b.n], &err) != SHED_OK) {
      if (run->missing++ == 0) {
        snprintf(run->why_missing, sizeof(run->why_missing), "%s", err.what);
      }
      continue;
    }
    keep_truth(item, &b.sound[b.n]);
    b.item[b.n++] = item;
    run->n++;
    if (b.n == BATCH) {
      hear_batch(run, &b, choice);
      if (isatty(STDERR_FILENO)) {
        fprintf(stderr, "\rheard %zu of %zu", run->n, count);
      }
    }
  }
  hear_batch(run, &b, choice);
}

void
pitch_run_free(pitch_run *run)
{
  for (size_t i = 0; i < run->n; i++) {
    pitch_item *item = &run->items[i];
    free(item->truth.f0_hz);
    free(item->truth.notes);
    free(item->own);
    free(item->confidence);
    for (size_t p = 0; p < PITCH_PEERS_MAX; p++) {
      free(item->peer[p]);
    }
  }
  free(run->items);
  memset(run, 0, sizeof(*run));
}
