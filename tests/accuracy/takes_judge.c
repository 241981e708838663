#include "tests/accuracy/takes_judge.h"

#include "assessors/assessor.h"

#include <math.h>

shed_status
takes_prompt(const corpus_take *t, const corpus_performance *p, shed_prompt *out)
{
  const bool sung = t->instrument->sung;
  *out            = (shed_prompt){.kind          = "piece",
                                  .id            = "corpus:take",
                                  .assessor      = "melody",
                                  .a4_hz         = 440,
                                  .click_start_s = (double)NAN,
                                  .sung          = sung,
                                  .octave        = sung ? SHED_OCTAVE_ANY : SHED_OCTAVE_WRITTEN,
                                  .key           = sung ? SHED_KEY_ANY : SHED_KEY_WRITTEN,
                                  .fixed_pitch   = t->fixed_pitch};
  return corpus_tune_line(&p->tune, t->written_bpm, NULL, &out->line);
}

shed_status
takes_judge(const corpus_take *t, const corpus_performance *p, const shed_take *take, shed_verdict *v,
            shed_error *err)
{
  shed_prompt prompt;
  shed_policy policy;
  shed_status st = takes_prompt(t, p, &prompt);
  if (st == SHED_OK &&
      (st = shed_policy_preset(t->group == CORPUS_TAKES_YEAR_ONE ? "year-1" : "", &policy, err)) == SHED_OK) {
    st = shed_assessor_find("melody")->judge(&prompt, take, &policy, NULL, v, err);
  }
  shed_line_free(&prompt.line);
  return st;
}

shed_status
takes_open(const corpus_take *t, const corpus_performance *p, const shed_take *heard, takes_opened *out,
           shed_error *err)
{
  *out           = (takes_opened){0};
  shed_status st = takes_prompt(t, p, &out->prompt);
  out->prompted  = st == SHED_OK;
  if (st == SHED_OK && (st = shed_policy_preset("", &out->policy, err)) == SHED_OK) {
    out->opened = true;
    st          = shed_judged_open(&out->j, &out->prompt, heard, &out->policy, NULL, &out->known, err);
  }
  return st;
}

void
takes_close(takes_opened *o)
{
  if (o->opened) {
    shed_verdict_free(&o->j.v);
    shed_judged_free(&o->j);
  }
  if (o->prompted) {
    shed_prompt_free(&o->prompt);
  }
}
