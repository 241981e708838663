/// How many of the faults could be told at all? A listener who is told where each note truly stood, and who hears what the ear heard and
/// nothing else, says of each how likely it was right. Small trees (boost.h) are fitted to what the ear's frames and the spectrum show
/// in the true place, by kind of fault, on four fifths of the half FIT, and tried on the fifth; of REPORT they know nothing.
#ifndef SHED_TEST_TAKES_ORACLE_H
#define SHED_TEST_TAKES_ORACLE_H

#include "tests/accuracy/takes_count.h"

#include "engine/task/take.h"

typedef struct takes_oracle takes_oracle;

takes_oracle *takes_oracle_new(void); ///< NULL without memory
void          takes_oracle_free(takes_oracle *o);
/// Notes of a take that was judged. @return SHED_OK; SHED_E_RANGE: too many; what the judge returns.
SHED_NODISCARD shed_status takes_oracle_add(takes_oracle *o, const corpus_take *t,
                                            const corpus_performance *p, const shed_take *heard,
                                            const shed_verdict *v, shed_error *err);
/// Usual takes of a half by room and by kind of fault: what the judge catches, what the listener does with as many right notes called
/// wrong, and with as many as are asked at most. @param tell also each fault of the half that the judge did not catch.
/// @return SHED_OK or SHED_E_NOMEM.
SHED_NODISCARD shed_status takes_oracle_print(takes_oracle *o, int half, bool tell);

#endif
