/* released.c - what may leave a project. */
#include "config.h"

#include "exchange/released.h"

#include <string.h>

#include "base/i18n.h"

struct handing {
	struct project *p;
	bool (*visit)(void *self, const struct released *item,
		      struct error *err);
	void *self;
	struct error *err;
	bool good;
};

bool released_keyed(const struct project *p, const char *kind,
		    const char *name, char keyed[RELEASED_NAME])
{
	uint8_t key[HASH_SIZE], mac[HASH_SIZE];

	if (!hash_derive(p->export_key, kind, key) ||
	    !hash_hmac(key, name, strlen(name), mac))
		return false;
	hash_hex(mac, (RELEASED_NAME - 1) / 2, keyed);
	hash_wipe(key, sizeof(key));
	return true;
}

static bool hand_over(void *self, struct project_output *output)
{
	struct handing *h = self;
	struct released r = { .output = output };

	if (output->fault == OUTPUT_EXTRA || output->fault == OUTPUT_ASIDE ||
	    output->item.output != OUTPUT_RELEASED)
		return true;
	if (output->fault != OUTPUT_SOUND)
		h->good = error_set(h->err, ERR_CHECK,
				    _("an output is not the one that was "
				      "released: see 'suminuri verify'"));
	else if (!h->visit)
		h->good = true;
	else if (!released_keyed(h->p, "item", output->item.id, r.name))
		h->good = error_set(h->err, ERR_MEMORY, _("no memory"));
	else
		h->good = h->visit(h->self, &r, h->err);
	return h->good;
}

bool released_each(struct project *p,
		   bool (*visit)(void *self, const struct released *item,
				 struct error *err),
		   void *self, struct error *err)
{
	struct handing h = { p, visit, self, err, true };
	struct project_audit audit = { 0 };

	if (!project_audit_log(p, &audit, NULL, NULL, err))
		return false;
	if (audit.log.fault != LOG_OK)
		return error_set(err, ERR_CHECK, _("the log is broken: see "
						   "'suminuri log check'"));
	return project_audit(p, &audit, hand_over, &h, err) && h.good;
}
