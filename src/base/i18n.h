/* i18n.h - marks for translation.  English in the source, gettext at run time. */
#ifndef SUMI_I18N_H
#define SUMI_I18N_H

#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) text                   /* marked here, translated at use */
#define P_(one, many, n) ngettext(one, many, n)

#endif
