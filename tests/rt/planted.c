// A fault on purpose: the symbol test must find it.
#include <stdlib.h>

void *rt_planted(void);

void *
rt_planted(void)
{
  return malloc(16);
}
