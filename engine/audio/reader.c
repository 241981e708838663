// About this file: brings sound to its stored form block by block. Each sample is decoded, made mono by taking the chosen
// channel, rounded to 24 bits, handed to the encoder and then to the caller: the caller hears what the file will hold.
#include "engine/audio/file.h"
#include "engine/audio/kind.h"
#include "engine/audio/limits.h"
#include "engine/audio/source.h"
#include "engine/audio/stored.h"

#include <math.h>
#include <string.h>

enum { BLOCK_FRAMES = 4096 };
// An MP3's length is an estimate and its encoder's padding is counted or not; a tenth of a second is no loss.
static const double MP3_LENGTH_ERROR_S = 0.1;

struct shed_sound_reader {
  const shed_alloc *alloc;
  char             *path;
  char             *flac_path; // NULL: not kept
  shed_blob         source;
  SNDFILE          *snd;
  SF_INFO           info;
  int               channel;
  bool              channels_differ;
  bool              source_cut;
  shed_stored       stored;
  float            *frames; // BLOCK_FRAMES of all channels
  int32_t           block[BLOCK_FRAMES];
  size_t            have, used; // of block
  int64_t           total;      // frames decoded
  int64_t           not_finite;
  bool              at_end;
};

static int64_t
length_max(const SF_INFO *info)
{
  return (int64_t)info->samplerate * SHED_AUDIO_LENGTH_MAX_S;
}

static shed_status
too_long(const shed_sound_reader *r, shed_error *err)
{
  return shed_fail(err, SHED_E_LIMIT, r->path, "lasts over %d hours, the most that can be read",
                   SHED_AUDIO_LENGTH_MAX_S / 3600);
}

static bool
alike(float a, float b)
{
  return !(a < b) && !(a > b) && isnan(a) == isnan(b);
}

// The channel with the most energy; the first of equals.
static shed_status
choose_channel(shed_sound_reader *r, shed_error *err)
{
  double     energy[SHED_AUDIO_CHANNELS_MAX] = {0};
  int        channels                        = r->info.channels;
  sf_count_t n                               = 0;
  int64_t    total                           = 0;
  if (channels == 1) {
    return SHED_OK;
  }
  while ((n = sf_readf_float(r->snd, r->frames, BLOCK_FRAMES)) > 0) {
    for (sf_count_t i = 0; i < n * channels; i++) {
      float x = r->frames[i];
      energy[i % channels] += isfinite(x) ? (double)x * (double)x : 0;
      r->channels_differ = r->channels_differ || !alike(x, r->frames[i - i % channels]);
    }
    if ((total += n) > length_max(&r->info)) {
      return too_long(r, err);
    }
  }
  for (int c = 1; c < channels; c++) {
    r->channel = energy[c] > energy[r->channel] ? c : r->channel;
  }
  (void)sf_close(r->snd); // decoded again from the start: a seek is not exact in every kind
  r->snd = NULL;
  return shed_source_decode(&r->source, r->path, &r->info, &r->snd, err);
}

// Decode, choose, round and store the next block.
static shed_status
fill(shed_sound_reader *r, shed_error *err)
{
  sf_count_t n = r->at_end ? 0 : sf_readf_float(r->snd, r->frames, BLOCK_FRAMES);
  r->used      = 0;
  r->have      = 0;
  if (r->source.error) {
    return shed_fail(err, SHED_E_IO, r->path, "cannot be read: %s", strerror(r->source.error));
  }
  if (n <= 0) {
    r->at_end = true;
    return SHED_OK;
  }
  if ((r->total += n) > length_max(&r->info)) {
    return too_long(r, err);
  }
  for (sf_count_t i = 0; i < n; i++) {
    float x = r->frames[i * r->info.channels + r->channel];
    r->not_finite += !isfinite(x);
    r->block[i] = shed_stored_quantise(x);
  }
  r->have = (size_t)n;
  return shed_stored_write(&r->stored, r->block, r->have, r->flac_path, err);
}

static shed_status
start(shed_sound_reader *r, const char *path, const char *flac_path, shed_error *err)
{
  shed_status st = SHED_E_NOMEM;
  r->path        = shed_strdup(r->alloc, strcmp(path, "-") == 0 ? "standard input" : path);
  r->flac_path   = r->path && flac_path ? shed_strdup(r->alloc, flac_path) : NULL;
  if (!r->path || (flac_path && !r->flac_path)) {
    return shed_fail(err, st, path, "%s", shed_status_text(st));
  }
  if ((st = shed_source_open(&r->source, path, r->alloc, err)) != SHED_OK) {
    return st;
  }
  r->source_cut = shed_sound_is_cut(&r->source);
  if ((st = shed_source_decode(&r->source, path, &r->info, &r->snd, err)) != SHED_OK) {
    return st;
  }
  r->frames = shed_malloc(r->alloc, sizeof(float) * BLOCK_FRAMES * (size_t)r->info.channels);
  if (!r->frames) {
    return shed_fail(err, SHED_E_NOMEM, path, "%s", shed_status_text(SHED_E_NOMEM));
  }
  if ((st = choose_channel(r, err)) != SHED_OK ||
      (st = shed_stored_open(&r->stored, r->flac_path, SF_FORMAT_FLAC, r->info.samplerate, r->alloc, err)) !=
          SHED_OK ||
      (st = fill(r, err)) != SHED_OK) {
    return st;
  }
  return r->have ? SHED_OK : shed_fail(err, SHED_E_FORMAT, r->path, "holds no sound: it has no samples");
}

shed_status
shed_sound_open(shed_sound_reader **out, const char *path, const char *flac_path, const shed_alloc *alloc,
                shed_error *err)
{
  shed_sound_reader *r = shed_calloc(alloc, 1, sizeof(*r));
  if (!r) {
    return shed_fail(err, SHED_E_NOMEM, path, "%s", shed_status_text(SHED_E_NOMEM));
  }
  r->alloc = alloc;
  shed_blob_in_memory(&r->source, alloc);
  shed_status st = start(r, path, flac_path, err);
  if (st != SHED_OK) {
    shed_sound_close(r);
    return st;
  }
  *out = r;
  return SHED_OK;
}

int
shed_sound_rate_hz(const shed_sound_reader *r)
{
  return r->info.samplerate;
}

uint64_t
shed_sound_expected(const shed_sound_reader *r)
{
  return (uint64_t)r->info.frames;
}

shed_status
shed_sound_read(shed_sound_reader *r, float *x, size_t cap, size_t *n, shed_error *err)
{
  if (r->used == r->have) {
    shed_status st = fill(r, err);
    if (st != SHED_OK) {
      return st;
    }
  }
  size_t left = r->have - r->used;
  size_t some = left < cap ? left : cap;
  for (size_t i = 0; i < some; i++) {
    x[i] = shed_stored_sample(r->block[r->used + i]);
  }
  r->used += some;
  *n = some;
  return SHED_OK;
}

shed_status
shed_sound_finish(shed_sound_reader *r, shed_sha256 *sha256, shed_error *err)
{
  while (!r->at_end) {
    shed_status st = fill(r, err);
    if (st != SHED_OK) {
      return st;
    }
  }
  return shed_stored_finish(&r->stored, r->flac_path, sha256, err);
}

// Whether fewer samples came than were announced.
static bool
is_cut(const shed_sound_reader *r)
{
  int     major  = r->info.format & SF_FORMAT_TYPEMASK;
  double  spare  = major == SF_FORMAT_MPEG ? MP3_LENGTH_ERROR_S * r->info.samplerate : 0;
  int64_t missed = r->info.frames - r->total;
  return r->source_cut || (r->info.frames > 0 && (double)missed > spare);
}

int
shed_sound_warnings(const shed_sound_reader *r, shed_message *out)
{
  int n = 0;
  if (r->channels_differ) {
    out[n] = shed_message_of(SHED_MSG_take_channel);
    shed_message_num(&out[n], "channels", r->info.channels, 0);
    shed_message_num(&out[n++], "channel", r->channel + 1, 0);
  }
  if (r->not_finite) {
    out[n] = shed_message_of(SHED_MSG_take_nan);
    shed_message_num(&out[n++], "n", (double)r->not_finite, 0);
  }
  if (r->at_end && is_cut(r)) {
    out[n] = shed_message_of(SHED_MSG_take_truncated);
    shed_message_num(&out[n++], "seconds", (double)r->total / r->info.samplerate, 1);
  }
  return n;
}

void
shed_sound_close(shed_sound_reader *r)
{
  if (!r) {
    return;
  }
  const shed_alloc *alloc = r->alloc;
  if (r->snd) {
    (void)sf_close(r->snd);
  }
  shed_stored_free(&r->stored);
  shed_blob_free(&r->source);
  shed_free(alloc, r->frames);
  shed_free(alloc, r->path);
  shed_free(alloc, r->flac_path);
  shed_free(alloc, r);
}
