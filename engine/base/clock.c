#include "engine/base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { MS_PER_DAY = 86400000, MAX_OFFSET_MIN = 14 * 60 };

static int64_t
system_mono(void *ctx)
{
  struct timespec t;
  (void)ctx;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t
system_wall(void *ctx)
{
  struct timespec t;
  (void)ctx;
  (void)clock_gettime(CLOCK_REALTIME, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

// Days since 1970-01-01 of a civil date (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
static int64_t
days_from_civil(int64_t y, int m, int d)
{
  y -= m <= 2;
  int64_t era = (y >= 0 ? y : y - 399) / 400;
  int64_t yoe = y - era * 400;
  int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146097 + doe - 719468;
}

static int
system_offset(void *ctx, int64_t wall_ms)
{
  struct tm local;
  time_t    t = (time_t)(wall_ms / 1000);
  (void)ctx;
  if (!localtime_r(&t, &local)) {
    return 0;
  }
  int64_t as_utc = days_from_civil(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday) * 1440 +
                   local.tm_hour * 60 + local.tm_min;
  return (int)(as_utc - wall_ms / 60000);
}

const shed_clock *
shed_clock_system(void)
{
  static const shed_clock clock = {system_mono, system_wall, system_offset, NULL};
  return &clock;
}

static int64_t
hand_mono(void *ctx)
{
  return ((shed_hand_clock *)ctx)->mono_ns;
}

static int64_t
hand_wall(void *ctx)
{
  return ((shed_hand_clock *)ctx)->wall_ms;
}

static int
hand_offset(void *ctx, int64_t wall_ms)
{
  (void)wall_ms;
  return ((shed_hand_clock *)ctx)->utc_offset_min;
}

shed_clock
shed_clock_by_hand(shed_hand_clock *hand)
{
  return (shed_clock){hand_mono, hand_wall, hand_offset, hand};
}

static int64_t
floor_div(int64_t a, int64_t b)
{
  return a / b - (a % b != 0 && (a % b < 0) != (b < 0));
}

int64_t
shed_time_local_day(int64_t wall_ms, int utc_offset_min)
{
  return floor_div(wall_ms + (int64_t)utc_offset_min * 60000, MS_PER_DAY);
}

void
shed_time_format(char *buf, size_t size, int64_t wall_ms, int utc_offset_min)
{
  int64_t local = wall_ms + (int64_t)utc_offset_min * 60000;
  int64_t z     = floor_div(local, MS_PER_DAY) + 719468;
  int64_t ms    = local - floor_div(local, MS_PER_DAY) * MS_PER_DAY;
  int64_t era   = floor_div(z, 146097);
  int64_t doe   = z - era * 146097;
  int64_t yoe   = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  int64_t doy   = doe - (365 * yoe + yoe / 4 - yoe / 100);
  int64_t mp    = (5 * doy + 2) / 153;
  int     day   = (int)(doy - (153 * mp + 2) / 5 + 1);
  int     month = (int)(mp < 10 ? mp + 3 : mp - 9);
  int64_t year  = yoe + era * 400 + (month <= 2);
  int     off   = utc_offset_min < 0 ? -utc_offset_min : utc_offset_min;
  (void)snprintf(buf, size, "%04lld-%02d-%02dT%02d:%02d:%02d.%03d%c%02d:%02d", (long long)year, month, day,
                 (int)(ms / 3600000), (int)(ms / 60000 % 60), (int)(ms / 1000 % 60), (int)(ms % 1000),
                 utc_offset_min < 0 ? '-' : '+', off / 60, off % 60);
}

// Exactly n digits at *s, or -1.
static int
digits(const char **s, int n)
{
  int value = 0;
  for (int i = 0; i < n; i++) {
    if ((*s)[i] < '0' || (*s)[i] > '9') {
      return -1;
    }
    value = value * 10 + ((*s)[i] - '0');
  }
  *s += n;
  return value;
}

static int
sign_then(const char **s, char c)
{
  if (**s != c) {
    return 0;
  }
  ++*s;
  return 1;
}

static int
days_in_month(int year, int month)
{
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int              leap   = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[month - 1] + (month == 2 && leap);
}

shed_status
shed_time_parse(const char *text, int64_t *wall_ms, int *utc_offset_min)
{
  const char *s     = text;
  int         year  = digits(&s, 4);
  int         month = year >= 0 && sign_then(&s, '-') ? digits(&s, 2) : -1;
  int         day   = month >= 0 && sign_then(&s, '-') ? digits(&s, 2) : -1;
  int         hour  = day >= 0 && sign_then(&s, 'T') ? digits(&s, 2) : -1;
  int         min   = hour >= 0 && sign_then(&s, ':') ? digits(&s, 2) : -1;
  int         sec   = min >= 0 && sign_then(&s, ':') ? digits(&s, 2) : -1;
  int         ms    = 0;
  int         off   = 0;

  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) || hour < 0 ||
      hour > 23 || min < 0 || min > 59 || sec < 0 || sec > 59) {
    return SHED_E_FORMAT;
  }
  if (sign_then(&s, '.')) {
    ms = digits(&s, 3);
    if (ms < 0) {
      return SHED_E_FORMAT;
    }
  }
  if (!sign_then(&s, 'Z')) {
    int sign = sign_then(&s, '-') ? -1 : sign_then(&s, '+');
    int oh   = sign ? digits(&s, 2) : -1;
    int om   = oh >= 0 && sign_then(&s, ':') ? digits(&s, 2) : -1;
    if (oh < 0 || om < 0 || om > 59 || oh * 60 + om > MAX_OFFSET_MIN) {
      return SHED_E_FORMAT;
    }
    off = sign * (oh * 60 + om);
  }
  if (*s) {
    return SHED_E_FORMAT;
  }
  *wall_ms = (((days_from_civil(year, month, day) * 24 + hour) * 60 + min - off) * 60 + sec) * 1000 + ms;
  *utc_offset_min = off;
  return SHED_OK;
}
