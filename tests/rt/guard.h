/// Counts what must not be called in real time, also inside shared libraries: while a thread is between guard_enter()
/// and guard_leave(), each of its calls that allocates (malloc, calloc, realloc, memalign, aligned_alloc, posix_memalign,
/// free), locks or waits (pthread_mutex_lock, pthread_cond_wait) or goes to a file (read, write) is counted.
///
/// Functions in a file of their own on purpose: around a plain flag the compiler would take the calls away.
#ifndef SHED_TEST_GUARD_H
#define SHED_TEST_GUARD_H

void guard_enter(void);
/// @return calls counted since guard_enter().
long guard_leave(void);

#endif
