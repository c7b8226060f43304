/* provider.c: the table of providers, and what a finding is made of. */
#include "identity/provider.h"

#include "base/die.h"

static const struct identity_provider providers[] = {
	{ .name = "tencent",
	  .method = IDENTITY_CLOUD,
	  .ready = identity_cloud_ready,
	  .start = identity_cloud_start,
	  .fetch = identity_cloud_fetch,
	  .pause_s = 5,
	  .pause_max_s = 300 },
	{ .name = "recorded",
	  .method = IDENTITY_RECORDED,
	  .fetch = identity_recorded_fetch,
	  .pause_s = 30,
	  .pause_max_s = 600 },
	{ .name = "counter", .method = IDENTITY_IN_PERSON },
};

const char *const identity_outcome_names[IDENTITY_OUTCOME_COUNT] = {
	[IDENTITY_FOUND_PENDING] = "pending", [IDENTITY_FOUND_PASSED] = "passed",
	[IDENTITY_FOUND_FAILED] = "failed",   [IDENTITY_FOUND_REVIEW] = "review",
	[IDENTITY_FOUND_REPEAT] = "repeat",   [IDENTITY_FOUND_LAPSED] = "lapsed",
};

const struct identity_provider *identity_provider_of(const struct config *config,
						     enum identity_method method)
{
	for (size_t i = 0; i < ARRAY_SIZE(providers); i++)
		if (providers[i].method == method &&
		    (!providers[i].ready || providers[i].ready(config)))
			return &providers[i];
	return NULL;
}

void identity_finding_init(struct identity_finding *f)
{
	memset(f, 0, sizeof(*f));
	f->similarity = -1;
}

void identity_finding_release(struct identity_finding *f)
{
	buffer_release(&f->codes);
	buffer_wipe(&f->text);
	for (int i = 0; i < f->pieces; i++)
		buffer_wipe(&f->piece[i].data);
	identity_finding_init(f);
}

void identity_finding_add(struct identity_finding *f, const struct identity_work *work,
			  enum identity_kind kind, int ord, const char *action, int at_ms,
			  const char *media_type, struct buffer *data)
{
	if (f->pieces == IDENTITY_PIECES_MAX)
		die("a finding of more than %d pieces", IDENTITY_PIECES_MAX);
	typeof(&f->piece[0]) piece = &f->piece[f->pieces++];

	snprintf(piece->action, sizeof(piece->action), "%s", action ? action : "");
	snprintf(piece->media_type, sizeof(piece->media_type), "%s", media_type);
	piece->place = (struct identity_piece){
		.attempt = work->attempt.id,
		.kind = kind,
		.ord = ord,
		.action = action ? piece->action : NULL,
		.at_ms = at_ms,
		.media_type = piece->media_type,
	};
	piece->data = *data;
	buffer_init(data);
}

void identity_finding_say(struct identity_finding *f, enum identity_outcome outcome,
			  const char *verdict)
{
	f->outcome = outcome;
	snprintf(f->verdict, sizeof(f->verdict), "%s", verdict);
}
