/// What every test program includes: cmocka, and checks that print both sides.
#ifndef SHED_TEST_CHECK_H
#define SHED_TEST_CHECK_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/// |a - b| <= tolerance, in the unit of both.
#define CHECK_NEAR(a, b, tolerance)                                                                          \
  do {                                                                                                       \
    double check_a = (a), check_b = (b);                                                                     \
    if (!(fabs(check_a - check_b) <= (tolerance))) {                                                         \
      fail_msg("%s is %.9g, expected %.9g within %.9g", #a, check_a, check_b, (double)(tolerance));          \
    }                                                                                                        \
  } while (0)
/// a < b.
#define CHECK_LT(a, b)                                                                                       \
  do {                                                                                                       \
    double check_a = (a), check_b = (b);                                                                     \
    if (!(check_a < check_b)) {                                                                              \
      fail_msg("%s is %.9g, expected under %.9g", #a, check_a, check_b);                                     \
    }                                                                                                        \
  } while (0)
/// A shed_status that is SHED_OK; prints the error when there is one.
#define CHECK_OK(expr)                                                                                       \
  do {                                                                                                       \
    shed_status check_st = (expr);                                                                           \
    if (check_st != SHED_OK) {                                                                               \
      fail_msg("%s: %s", #expr, shed_status_text(check_st));                                                 \
    }                                                                                                        \
  } while (0)
#define CHECK_STATUS(expr, expected)                                                                         \
  do {                                                                                                       \
    shed_status check_st = (expr);                                                                           \
    if (check_st != (expected)) {                                                                            \
      fail_msg("%s: %s, expected %s", #expr, shed_status_text(check_st), shed_status_text(expected));        \
    }                                                                                                        \
  } while (0)

#endif
