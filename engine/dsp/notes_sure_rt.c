// About this file: how likely a note is one, with the pitch it is told: from how sure its frames were of their pitch, whether
// what sounds is a voice, and how far it lies under what was played before: hum and breath between phrases are soft.
#include "engine/dsp/notes_internal.h"

#include <math.h>

// Logistic, weights in the order of the evidence: tests/accuracy/fit_notes.c, on the fitting half of the ear's corpus.
static const float WEIGHT[NOTES_EVIDENCE] = {
#define SHED_NOTES_SURE(name, value) value,
#include "engine/dsp/notes_sure.def"
};
static const float CONFIDENCE_LEAST = 0.02f;
static const float CONFIDENCE_MOST  = 0.995f;
static const float UNDER_MOST_DB    = 40.0f;

void
notes_evidence(const shed_notes *n, float confidence, float level_db, float out[NOTES_EVIDENCE])
{
  float p     = fminf(fmaxf(confidence, CONFIDENCE_LEAST), CONFIDENCE_MOST);
  float under = fminf(fmaxf(n->loud_db - level_db, 0.0f), UNDER_MOST_DB);
  float x[]   = {1.0f, logf(p / (1.0f - p)), notes_voice(n), 0.1f * under};
  for (int i = 0; i < NOTES_EVIDENCE; i++) {
    out[i] = x[i];
  }
}

float
notes_sure(const float evidence[NOTES_EVIDENCE])
{
  float z = 0.0f;
  for (int i = 0; i < NOTES_EVIDENCE; i++) {
    z += WEIGHT[i] * evidence[i];
  }
  return 1.0f / (1.0f + expf(-z));
}
