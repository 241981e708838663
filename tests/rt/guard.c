// About this file: stands in front of the C library's allocator and lock for the whole program.
#define _GNU_SOURCE
#include "tests/rt/guard.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *p, size_t n);
void  __libc_free(void *p);

static _Thread_local bool inside;
static _Thread_local long calls;
static int (*real_lock)(pthread_mutex_t *);

__attribute__((constructor)) static void
find_lock(void)
{
  // the way POSIX itself shows to read a function's address
  *(void **)(&real_lock) = dlsym(RTLD_NEXT, "pthread_mutex_lock");
}

static void
count(void)
{
  calls += inside;
}

void *
malloc(size_t n)
{
  count();
  return __libc_malloc(n);
}

void *
calloc(size_t many, size_t size)
{
  count();
  return __libc_calloc(many, size);
}

void *
realloc(void *p, size_t n)
{
  count();
  return __libc_realloc(p, n);
}

void
free(void *p)
{
  count();
  __libc_free(p);
}

int
pthread_mutex_lock(pthread_mutex_t *m)
{
  count();
  return real_lock ? real_lock(m) : 0;
}

void
guard_enter(void)
{
  calls  = 0;
  inside = true;
}

long
guard_leave(void)
{
  inside = false;
  return calls;
}
