/*
 * keys.h - the key that signs a project's log, in private/keys:
 *
 *	log.key      its secret, 32 bytes
 *	log.key.new  the next one, while `key new` changes them
 *	log.pub      the verifier keys so far, one a line (note.h): to be kept
 *	             elsewhere too
 *
 * Which key is the present one the log says (key.new, key.retire).
 */
#ifndef SUMI_KEYS_H
#define SUMI_KEYS_H

#include "base/sign.h"
#include "record/project.h"

/*
 * The secret that is to sign, made when the log never had a key.  *has false:
 * the last key was retired.  What a kill left half-way is finished.  ERR_CHECK:
 * the present key's secret is not there; with lost_ok that is no error and
 * *has is false.
 */
bool keys_secret(struct project *p, const struct log_standing *standing,
		 const uint8_t *seed, bool lost_ok, uint8_t secret[SIGN_KEY],
		 bool *has, struct error *err);

/* Put the present key into log.pub, unless it stands there. */
bool keys_publish(struct project *p, const struct log_standing *standing,
		  struct error *err);

/* Append log.pub.  ERR_CHECK when it is not there. */
bool keys_read(struct project *p, struct buffer *text, struct error *err);

/* key new: another secret signs from now on; the old one is erased. */
bool keys_new(struct project *p, struct error *err);
/* key retire: nothing signs from now on; the secret is erased. */
bool keys_retire(struct project *p, struct error *err);
#endif
