/* kana.h - half-width kana and voice marks as whole kana (Unicode,
 * compatibility forms and canonical composition of kana).  Code points. */
#ifndef SUMI_KANA_H
#define SUMI_KANA_H

#include <stdint.h>

enum kana_mark { KANA_NO_MARK,
		 KANA_VOICED,           /* dakuten, of any width or combining */
		 KANA_HALF_VOICED };    /* handakuten */

/* U+FF66..FF9D (JIS X 0201) as katakana; others as they are. */
uint32_t kana_wide(uint32_t c);
enum kana_mark kana_mark(uint32_t c);
/* A katakana with a mark put on; 0: there is none such. */
uint32_t kana_with(uint32_t c, enum kana_mark mark);
#endif
