/*
 * j2k_stream.h - the parts of a JPEG 2000 code stream (ISO/IEC 15444-1 Annex
 * A), walked without decoding anything.  Knows no library.
 */
#ifndef SUMI_J2K_STREAM_H
#define SUMI_J2K_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ISO/IEC 15444-1 table A.2; CAP: 15444-15 A.2 */
enum j2k_marker {
	J2K_SOC = 0xff4f, J2K_CAP = 0xff50, J2K_SIZ = 0xff51, J2K_COD = 0xff52,
	J2K_COC = 0xff53, J2K_TLM = 0xff55, J2K_PRF = 0xff56, J2K_PLM = 0xff57,
	J2K_PLT = 0xff58, J2K_CPF = 0xff59, J2K_QCD = 0xff5c,
	J2K_QCC = 0xff5d, J2K_RGN = 0xff5e,
	J2K_POC = 0xff5f, J2K_PPM = 0xff60, J2K_PPT = 0xff61, J2K_CRG = 0xff63,
	J2K_COM = 0xff64, J2K_SOT = 0xff90, J2K_SOD = 0xff93, J2K_EOC = 0xffd9,
};

/*
 * Where the code stream stands: all of data, or the contiguous code stream box
 * of a JP2 wrapper (15444-1 Annex I).  False when that is damaged.
 */
bool j2k_unwrap(const uint8_t *data, size_t length, size_t *start,
		size_t *end);

/* A walk; offsets count from data[0].  Set data and length, the rest 0. */
struct j2k_walk {
	const uint8_t *data;
	size_t length;
	/* the part the walk stands on */
	int marker;                     /* enum j2k_marker or another one */
	size_t start, end;              /* with its marker */
	const uint8_t *body;            /* after marker and length; of SOD the
					   data of the tile part */
	size_t size;                    /* of body */
	/* where it is */
	size_t tile_parts;              /* begun: 0 in the main header */
	size_t sot;                     /* where this tile part starts */
	size_t part_end;                /* 0: Psot says "up to EOC" */
	bool in_part;                   /* in the header of a tile part */
	bool damaged;
};

/*
 * Go to the next part: SOC, segments of the main header, then for each tile
 * part SOT, its segments and SOD with the data, last EOC.  A stream without
 * EOC ends with its last tile part.  False at the end and, with damaged set,
 * when the parts do not fit together.
 */
bool j2k_walk_next(struct j2k_walk *w);

unsigned j2k_u16(const uint8_t *p);     /* big endian */
uint32_t j2k_u32(const uint8_t *p);

#ifdef __cplusplus
}
#endif
#endif
