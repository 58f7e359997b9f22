/*
 * tags_private.h - private attributes that PS3.15 knows to be safe.  Private
 * to tags.c.
 */
#ifndef SUMI_TAGS_PRIVATE_H
#define SUMI_TAGS_PRIVATE_H

#include "mask/tags.h"

/*
 * What becomes of a private attribute with the Retain Safe Private Option of
 * PS3.15 E.3.10: TAG_DROP unless it is one of the table here, by the name in
 * its block's reservation (PS3.5 7.8.1), group, element in the block, VR and
 * length; then what the rule of its VR lets through.  A reservation is TAG_KEEP
 * when its block has such an attribute.
 */
enum tag_action tags_private(const struct dicom_element *e);

#endif
