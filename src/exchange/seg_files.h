/*
 * seg_files.h - DICOM Segmentations of all released DICOM files of a project,
 * each made by a locked process.
 */
#ifndef SUMI_SEG_FILES_H
#define SUMI_SEG_FILES_H

#include <stdio.h>

#include "record/project.h"

/*
 * Write FOLDER/<keyed item>.dcm for each released DICOM item that has a mask
 * on its picture, and print a line an item to out: {"v":1,"item","file"}, or
 * {"v":1,"item","file":null} for what has none (a clean item, PNG, JPEG).
 * folder is made when it is not there; a file that is there is ERR_REFUSED
 * EXISTS.
 */
bool seg_files(struct project *p, const char *folder, FILE *out,
	       struct error *err);

#endif
