/*
 * uid.h - DICOM unique identifiers of our own: "2.25." and a 128 bit number
 * (PS3.5 B.2; ITU-T X.667), keyed.  No library makes them for us:
 * DCMTK's generator asks for the name of the host.
 */
#ifndef SUMI_UID_H
#define SUMI_UID_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { UID_SIZE = 65 };                 /* 64 characters (PS3.5 9.1), NUL */

/*
 * The new UID of an old one: the number is the first 128 bits of
 * HMAC-SHA-256(key, old), so the same old UID gives the same new one in every
 * file of a project, and nobody without the key can go back or test guesses.
 * old comes without padding.  False only when there is no memory.
 */
__attribute__((warn_unused_result))
bool uid_map(const uint8_t key[32], const char *old, char uid[UID_SIZE]);

/* 1..64 characters, numbers without leading zeros, joined by dots
 * (PS3.5 9.1). */
bool uid_valid(const char *uid);

#ifdef __cplusplus
}
#endif
#endif
