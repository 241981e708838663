/// Bayesian knowledge tracing: the probability that a skill is known, after a run of answers.
///
/// Corbett and Anderson 1995, "Knowledge tracing: modeling the acquisition of procedural knowledge", User Modeling and
/// User-Adapted Interaction 4, 253-278. The parameters are fixed; nothing is fitted to a student.
#ifndef SHED_MODEL_BKT_H
#define SHED_MODEL_BKT_H

/// Probabilities, 0..1 each.
typedef struct {
  double known;  ///< P(known) before the first answer
  double learn;  ///< P(becomes known after an answer)
  double slip;   ///< P(wrong although known)
  double chance; ///< P(right although not known)
} shed_bkt;

/// The defaults: known .20, learn .15; with @p choices >= 2 slip .10 and chance 1/choices; with @p choices 0 (an answer
/// that is played, sung or written) slip .20 and chance .05. 1 choice counts as 2.
shed_bkt shed_bkt_of(int choices);

/// P(known) after one more answer.
///
/// @param b      chance and slip of this answer: they may change from answer to answer.
/// @param known  P(known) before it, 0..1.
/// @param answer 0 wrong .. 1 right; between them the two outcomes are weighed.
double shed_bkt_step(const shed_bkt *b, double known, double answer);

#endif
