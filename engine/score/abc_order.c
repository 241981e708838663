/// About this file: the P: field of a tune header, played out. Pure but for the text it appends to.
#include "engine/score/abc_parse.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { MOST_PARTS = 1000, MOST_NESTING = 16 };

// Repeats what stands from `start` on, so that it is there `times` times.
static bool
multiply(shed_str *order, size_t start, int times)
{
  char   copy[MOST_PARTS];
  size_t n = order->len - start;
  if (n == 0 || n * (size_t)times > MOST_PARTS) {
    return n == 0;
  }
  memcpy(copy, order->text + start, n);
  for (int i = 1; i < times && order->len <= MOST_PARTS; i++) {
    shed_str_addn(order, copy, n);
  }
  return true;
}

// The number behind a part or a bracket, 1 when there is none.
static int
read_times(const char **p)
{
  int times = 0;
  if (!isdigit((unsigned char)**p)) {
    return 1;
  }
  for (; isdigit((unsigned char)**p); (*p)++) {
    times = times < MOST_PARTS ? times * 10 + (**p - '0') : times;
  }
  return times;
}

bool
shed_abc_read_order(const char *text, shed_str *order, char *why)
{
  size_t starts[MOST_NESTING];
  int    depth = 0;
  bool   good  = true;
  for (const char *p = text; *p && good;) {
    char   c     = *p++;
    size_t start = order->len;
    if (c == '.' || isspace((unsigned char)c)) {
      continue;
    }
    if (c == '(') {
      good = depth < MOST_NESTING;
      if (good) {
        starts[depth++] = order->len;
      }
      continue;
    }
    if (c == ')') {
      good  = depth > 0;
      start = good ? starts[--depth] : 0;
    } else if (isalpha((unsigned char)c)) {
      shed_str_addn(order, &c, 1);
    } else {
      good = false;
    }
    while (*p == '.') {
      p++;
    }
    int times = read_times(&p);
    good = good && !order->failed && times > 0 && order->len <= MOST_PARTS && multiply(order, start, times);
    good = good && order->len <= MOST_PARTS;
  }
  if (!good || depth > 0) {
    (void)snprintf(why, SHED_ABC_WHY, "\"%.40s\" is not an order of parts; write it like P:A2(BC)2", text);
    return false;
  }
  return true;
}
