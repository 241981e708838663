/// How far a figure can be trusted: bootstrap intervals over whole items, because the notes of one item are not independent.
///
/// Efron 1979, percentile method, 1,000 draws of items with replacement, always the same draws.
#ifndef SHED_TEST_INTERVAL_H
#define SHED_TEST_INTERVAL_H

typedef struct {
  double value, low, high; ///< 95 %; NaN without items
} interval;

/// Of sum(part) / sum(whole) over @p n items. An F-measure is 2 hits over (true + found).
interval interval_of_ratio(const double *part, const double *whole, int n);

/// The same of the difference between two systems on the same items: a above b by how much?
interval interval_of_gain(const double *part_a, const double *whole_a, const double *part_b,
                          const double *whole_b, int n);

#endif
