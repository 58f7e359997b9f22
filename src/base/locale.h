/* locale.h - language and character set of the terminal, set once at start. */
#ifndef SUMI_LOCALE_H
#define SUMI_LOCALE_H

#ifdef __cplusplus
extern "C" {
#endif

/* Take the locale and the messages from the environment.  Before threads. */
void locale_start(void);

#ifdef __cplusplus
}
#endif
#endif
