/* core.h: what the stand-ins for outside services share: files under a lock,
 * and faults on request.
 *
 * What a service remembers stands in the folder "sim/SERVICE" beside the
 * config file, one JSON file a thing; the product's tables are not touched. */
#ifndef SIM_CORE_H
#define SIM_CORE_H

#include <jansson.h>

#include "base/config.h"
#include "page/reply.h"
#include "page/request.h"

struct core {
	const char *service; /* "faceid" */
	const struct config *config;
	struct request *request;
	struct reply reply;
	bool loses_answer; /* set by faults */
};

/* Reads config and request; die()s unless demo = yes. False after an answer
 * that the request cannot be read. `raw`: keeps the body as it is. */
bool core_open(struct core *, const char *service, bool (*raw)(const struct request *));
/* Sends the reply and ends the program. */
void core_close(struct core *) NORETURN;

/* Takes the JSON over as the answer. */
void core_json(struct core *, json_t *);
void core_text(struct core *, int status, const char *text);

/* Everything in the service's folder is read and written between these. */
int core_lock(const struct core *);
void core_unlock(int lock);
/* A thing by kind and name ("order", "A1"; letters, digits, hyphens); NULL when
 * there is none. */
json_t *core_load(const struct core *, const char *kind, const char *name);
void core_save(const struct core *, const char *kind, const char *name, const json_t *);

/* GET /faults?on=INTERFACE&what=WORD&times=N: the next N calls of the
 * interface go wrong so; what=none ends it. */
void core_set_faults(struct core *);
/* Takes one of the times; "" when there is no fault (any more). */
void core_fault(const struct core *, const char *interface, char word[21]);
/* Plays what any service can suffer: slow, down, garbage, huge; true when that
 * was the answer. "lost" lets the call be done and loses its answer. */
bool core_play(struct core *, const char *word);

#endif
