#include "tests/accuracy/takes_cost.h"

#include "engine/base/json.h"
#include "tests/accuracy/takes_judge.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MOST = 2048 };

static const double MINUTE_S = 60;
static const double HIGH     = .95;

static double
thread_s(void)
{
  struct timespec t;
  (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void
add_exact(double x, shed_sha256_stream *all)
{
  const double one = isnan(x) ? (double)NAN : x; // of several
  shed_sha256_add(all, &one, sizeof(one));
}

/// The document rounds; numbers that everything hangs on are added as they are.
static shed_status
add_verdict(const corpus_take *t, const corpus_performance *p, const shed_take *take, const shed_verdict *v,
            shed_sha256_stream *all)
{
  shed_prompt prompt;
  shed_status st = takes_prompt(t, p, &prompt);
  if (st == SHED_OK) {
    shed_str   text = {0};
    shed_json *doc  = shed_verdict_to_json(v, &prompt, take);
    shed_json_write(doc, SHED_JSON_CANONICAL, &text);
    shed_sha256_add(all, text.text, text.len);
    for (size_t i = 0; i < v->n_notes; i++) {
      const shed_note_verdict *n = &v->notes[i];
      add_exact(n->onset_s, all);
      add_exact(n->offset_s, all);
      add_exact(n->cents, all);
      add_exact(n->confidence, all);
    }
    shed_str_free(&text);
    shed_json_free(doc);
  }
  shed_line_free(&prompt.line);
  return st;
}

shed_status
takes_cost_of(const corpus_take *t, const corpus_performance *p, const shed_take *take, takes_cost *out,
              shed_sha256_stream *all, shed_error *err)
{
  shed_verdict v     = {0};
  const double start = thread_s();
  shed_status  st    = takes_judge(t, p, take, &v, err);
  *out               = (takes_cost){.index    = t->index,
                                    .group    = t->group,
                                    .sung     = t->instrument->sung,
                                    .length_s = take->duration_s,
                                    .judged_s = thread_s() - start};
  if (st == SHED_OK) {
    st = add_verdict(t, p, take, &v, all);
  }
  shed_verdict_free(&v);
  return st;
}

static double
a_minute_ms(const takes_cost *c)
{
  return 1e3 * MINUTE_S * c->judged_s / c->length_s;
}

static int
by_cost(const void *a, const void *b)
{
  const double x = a_minute_ms(a), y = a_minute_ms(b);
  return (x > y) - (x < y);
}

static void
print_kind(const char *name, const takes_cost *c, int n, int group, bool sung)
{
  static takes_cost of[MOST];
  int               m   = 0;
  double            all = 0, length = 0;
  for (int i = 0; i < n && m < MOST; i++) {
    if ((int)c[i].group == group && c[i].sung == sung) {
      of[m++] = c[i];
      all += c[i].judged_s;
      length += c[i].length_s;
    }
  }
  if (m == 0) {
    return;
  }
  qsort(of, (size_t)m, sizeof(*of), by_cost);
  printf("%-12s %-6s %5d %8.1f %8.1f %8.1f %8.1f  (take %zu)\n", name, sung ? "sung" : "", m,
         1e3 * MINUTE_S * all / length, a_minute_ms(&of[m / 2]), a_minute_ms(&of[(int)(HIGH * m)]),
         a_minute_ms(&of[m - 1]), of[m - 1].index);
}

void
takes_print_costs(const takes_cost *c, int n)
{
  static const char *const groups[] = {"usual", "year one", "harsh"};
  printf("judging, CPU ms for a minute of music\n%-19s %5s %8s %8s %8s %8s\n", "", "takes", "mean", "median",
         "95 %", "worst");
  for (int g = 0; g < CORPUS_TAKES_GROUPS; g++) {
    print_kind(groups[g], c, n, g, false);
    print_kind(groups[g], c, n, g, true);
  }
}
