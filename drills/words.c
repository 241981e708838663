// About this file: the words and tempos that all kinds of drill use.

#include "drills/kinds.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool
shed_possible_always(const shed_profile *profile)
{
  (void)profile;
  return true;
}

bool
shed_possible_pitched(const shed_profile *profile)
{
  return !profile->unpitched;
}

bool
shed_possible_sustained(const shed_profile *profile)
{
  return !profile->unpitched && profile->sustains;
}

const char *
shed_word_play(const shed_profile *profile)
{
  return profile->sung ? "Sing" : "Play";
}

void
shed_word_note(const shed_profile *profile, shed_pitch written, char *buf, size_t size)
{
  char own[16];
  char heard[16];
  shed_pitch_name(written, own, sizeof(own));
  if (profile->semitones == 0) {
    (void)snprintf(buf, size, "%s", own);
    return;
  }
  shed_pitch_name(shed_profile_sounding(profile, written), heard, sizeof(heard));
  (void)snprintf(buf, size, "%s (it sounds %s)", own, heard);
}

void
shed_word_key(const shed_profile *profile, shed_key sounding, char *buf, size_t size)
{
  shed_key_name(shed_key_transpose(sounding, -profile->letters, -profile->semitones), buf, size);
}

void
shed_instruct(shed_prompt *prompt, const char *fmt, ...)
{
  size_t  used = strlen(prompt->instruction);
  va_list args;
  if (used > 0) {
    prompt->instruction[used++] = ' ';
    prompt->instruction[used]   = '\0';
  }
  va_start(args, fmt);
  int n = vsnprintf(prompt->instruction + used, sizeof(prompt->instruction) - used, fmt, args);
  va_end(args);
  SHED_ASSERT(n >= 0 && (size_t)n < sizeof(prompt->instruction) - used);
}

size_t
shed_tempos_between(double low, double high, int *out)
{
  // Maelzel's marks: steps of 2, 3, 4 and 6
  static const int marks[SHED_TEMPOS] = {40,  42,  44,  46,  48,  50,  52,  54,  56,  58,  60,  63,  66,  69,
                                         72,  76,  80,  84,  88,  92,  96,  100, 104, 108, 112, 116, 120, 126,
                                         132, 138, 144, 152, 160, 168, 176, 184, 192, 200, 208, 216};
  size_t           n                  = 0;
  for (size_t i = 0; i < SHED_TEMPOS; i++) {
    if (marks[i] >= low && marks[i] <= high) {
      out[n++] = marks[i];
    }
  }
  if (n == 0) {
    out[n++] = (int)low;
  }
  return n;
}
