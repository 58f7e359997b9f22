/* locale.c - language and character set of the terminal, set once at start. */
#include "config.h"

#include "base/locale.h"

#include <libintl.h>
#include <locale.h>

void locale_start(void)
{
	setlocale(LC_ALL, "");
	bindtextdomain(PACKAGE, LOCALEDIR);
	textdomain(PACKAGE);
}
