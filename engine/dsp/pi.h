/// POSIX alone promises no M_PI.
#ifndef SHED_DSP_PI_H
#define SHED_DSP_PI_H

static const double SHED_PI = 3.14159265358979323846;

#endif
