/* clock.h - the clock that only runs forward: for spans, not for dates. */
#ifndef SUMI_CLOCK_H
#define SUMI_CLOCK_H

/* Milliseconds since an unknown moment, the same for all processes. */
long long clock_ms(void);

#endif
