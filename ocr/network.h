/*
 * network.h - the network of a Tesseract 4/5 line model (the "fast" integer
 * ones that Debian ships) on one line, computed in blocks that stay in the
 * cache.  The library walks the same weights a step at a time and takes five
 * to eight times as long.  Knows no letters.
 *
 * The layers (VGSL, "[1,36,0,1 Ct3,3,16 Mp3,3 Lfys48 Lfx96 Lrx96 Lfx192
 * O1c1]"): a 3x3 convolution with tanh, the greatest of 3x3, an LSTM down each
 * column of which the last output is kept, LSTMs along the line either way,
 * softmax.  Weights and values between layers are integers of 127ths; an LSTM
 * is that of Graves (2013, arXiv 1308.0850) without peepholes, its state kept
 * within 100.
 */
#ifndef SUMI_NETWORK_H
#define SUMI_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ocr/prepare.h"

enum { NETWORK_SHRINK = 3 };            /* columns of a crop to one step */

struct network;

/*
 * Take a network from the LSTM component of a model (little-endian bytes).
 * *used: bytes that it took.  NULL when it is of another make, damaged, or
 * there is no memory.  Free with network_free().
 */
struct network *network_read(const uint8_t *data, size_t size, size_t *used);
void network_free(struct network *n);   /* NULL does nothing */

/* How many classes its last layer tells apart, the blank included. */
int network_classes(const struct network *n);

/*
 * Run it over a crop of PREPARED_ROWS rows.  Gives [steps][classes]
 * probabilities, each step summing up to 1; free() them.  *steps: columns / 3.
 * NULL without memory, or when the crop is narrower than a step (*steps 0).
 */
float *network_run(const struct network *n, const struct crop *crop,
		   int *steps);

#endif
