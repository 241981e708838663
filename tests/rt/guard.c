// About this file: stands in front of the C library's allocator, its locks and its files for the whole program.
#undef _FORTIFY_SOURCE // its inline read() cannot be stood in front of
#define _GNU_SOURCE
#include "tests/rt/guard.h"

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t alignment, size_t n);
void  __libc_free(void *p);

static _Thread_local bool inside;
static _Thread_local long calls;
static int (*real_lock)(pthread_mutex_t *);
static int (*real_wait)(pthread_cond_t *, pthread_mutex_t *);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_read)(int, void *, size_t);

__attribute__((constructor)) static void
find_real(void)
{
  // the way POSIX itself shows to read a function's address
  *(void **)(&real_lock)  = dlsym(RTLD_NEXT, "pthread_mutex_lock");
  *(void **)(&real_wait)  = dlsym(RTLD_NEXT, "pthread_cond_wait");
  *(void **)(&real_write) = dlsym(RTLD_NEXT, "write");
  *(void **)(&real_read)  = dlsym(RTLD_NEXT, "read");
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

void *
memalign(size_t alignment, size_t n)
{
  count();
  return __libc_memalign(alignment, n);
}

void *
aligned_alloc(size_t alignment, size_t n)
{
  count();
  return __libc_memalign(alignment, n);
}

int
posix_memalign(void **out, size_t alignment, size_t n)
{
  count();
  *out = __libc_memalign(alignment, n);
  return *out ? 0 : ENOMEM;
}

int
pthread_mutex_lock(pthread_mutex_t *m)
{
  count();
  return real_lock ? real_lock(m) : 0;
}

int
pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
  count();
  return real_wait ? real_wait(c, m) : 0;
}

ssize_t
write(int fd, const void *data, size_t n)
{
  count();
  return real_write ? real_write(fd, data, n) : -1;
}

ssize_t
read(int fd, void *data, size_t n)
{
  count();
  return real_read ? real_read(fd, data, n) : -1;
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
