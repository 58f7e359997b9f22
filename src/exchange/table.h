/*
 * table.h - the masked boxes of released items as CSV and as JSON lines.
 */
#ifndef SUMI_EXCHANGE_TABLE_H
#define SUMI_EXCHANGE_TABLE_H

#include <stdio.h>

#include "record/project.h"

/*
 * table_csv   RFC 4180, a line a box and a header line: item columns rows
 *             frames first last x y w h kind class source plane; frames from
 *             0, both inclusive; an item without a box has one line with
 *             empty columns
 * table_json  a line an item: {"v":1,"item","format","columns","rows",
 *             "frames","verdict","out_sha256","boxes":[...]} with boxes as
 *             in DESIGN 5.1, without score and why
 */
bool table_csv(struct project *p, FILE *out, struct error *err);
bool table_json(struct project *p, FILE *out, struct error *err);

#endif
