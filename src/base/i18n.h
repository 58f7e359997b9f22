/* i18n.h - marks for translation.  English in the source, gettext at run time. */
#ifndef SUMI_I18N_H
#define SUMI_I18N_H

#include <libintl.h>

/* gettext("") is the header of the catalogue, not "". */
static inline __attribute__((format_arg(1))) const char *_(const char *text)
{
	return *text ? gettext(text) : "";
}

#define N_(text) text                   /* marked here, translated at use */
#define P_(one, many, n) ngettext(one, many, n)

#endif
