/*
 * fhir.h - the log of released items as FHIR R4 resources (hl7.org/fhir/R4):
 * what `log export` tells, for those who read FHIR.
 */
#ifndef SUMI_FHIR_H
#define SUMI_FHIR_H

#include <stdio.h>

#include "record/project.h"

/*
 * Print one resource a line (NDJSON) to out, in the order of the log: an
 * AuditEvent for each verdict, output and release of an item that is released
 * now, and a Provenance for its release.  Items and people have the keyed
 * names of `log export`, times are to the hour; no patient is referred to.
 * ERR_CHECK when the log is broken.
 */
bool fhir_export(struct project *p, FILE *out, struct error *err);

#endif
