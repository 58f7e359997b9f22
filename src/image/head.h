/*
 * head.h - may the volume that a slice belongs to show a head, whose surface
 * could be rendered to a face?  Tells by coded attributes alone, never by
 * words that people typed.
 */
#ifndef SUMI_HEAD_H
#define SUMI_HEAD_H

#include "image/image.h"

/*
 * CT and MR (modality, or their image SOP classes; PS3.4 B.5) only.
 * HEAD_PART_SHOWN: BodyPartExamined (0018,0015) names the head or a part of
 * it, or the whole body, or an item of AnatomicRegionSequence (0008,2218) or
 * PrimaryAnatomicStructureSequence (0008,2228), in an enhanced object also of
 * the shared groups and those of any frame (FrameAnatomySequence (0020,9071)),
 * has a code for one (PS3.16 Annex L; CID 4031).  HEAD_PART_UNKNOWN: none of
 * them is there, or the file has more than a million values.
 */
enum head_part head_part_of(const struct image *image);

#endif
