/// The only compiler attributes in the tree, but for the vector type of engine/dsp/lanes.h.
#ifndef SHED_BASE_ATTRS_H
#define SHED_BASE_ATTRS_H

/// Marks a function that the audio callback or the analysis hop may call: no allocation, lock, file, socket, log,
/// unbounded loop. It lives in a *_rt.c file. The symbol test and the guard test check it.
#define SHED_RT

#if defined(__GNUC__)
#define SHED_NODISCARD    __attribute__((warn_unused_result))
#define SHED_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define SHED_NORETURN     __attribute__((noreturn))
#else
#define SHED_NODISCARD
#define SHED_PRINTF(f, a)
#define SHED_NORETURN
#endif

/// A broken promise of our own code. On in every build: prints the place and aborts.
#define SHED_ASSERT(cond) ((cond) ? (void)0 : shed_assert_failed(#cond, __FILE__, __LINE__))
SHED_NORETURN void shed_assert_failed(const char *cond, const char *file, int line);

#define SHED_COUNTOF(a) (sizeof(a) / sizeof((a)[0]))

#endif
