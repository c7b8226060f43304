/* stage.h: what the stand-ins for outside services share: files under a lock,
 * and trouble on request.
 *
 * What a service remembers stands in the folder "sandbox/SERVICE" beside the
 * config file, one JSON file a thing; the product's tables are not touched. */
#ifndef SANDBOX_STAGE_H
#define SANDBOX_STAGE_H

#include <jansson.h>

#include "base/config.h"
#include "page/reply.h"
#include "page/request.h"

struct stage {
	const char *service; /* "faceid" */
	const struct config *config;
	struct request *request;
	struct reply reply;
	bool loses_answer; /* set by trouble */
};

/* Reads config and request; die()s unless demo = yes. False after an answer
 * that the request cannot be read. `raw`: keeps the body as it is. */
bool stage_open(struct stage *, const char *service, bool (*raw)(const struct request *));
/* Sends the reply and ends the program. */
void stage_close(struct stage *) NORETURN;

/* Takes the JSON over as the answer. */
void stage_json(struct stage *, json_t *);
void stage_text(struct stage *, int status, const char *text);

/* Everything in the service's folder is read and written between these. */
int stage_lock(const struct stage *);
void stage_unlock(int lock);
/* A thing by kind and name ("order", "A1"; letters, digits, hyphens); NULL when
 * there is none. */
json_t *stage_load(const struct stage *, const char *kind, const char *name);
void stage_save(const struct stage *, const char *kind, const char *name, const json_t *);

/* GET /trouble?on=INTERFACE&what=WORD&times=N: the next N calls of the
 * interface go wrong so; what=none ends it. */
void stage_make_trouble(struct stage *);
/* Takes one of the times; "" when there is no trouble (any more). */
void stage_trouble(const struct stage *, const char *interface, char word[21]);
/* Plays what any service can suffer: slow, down, garbage, huge; true when that
 * was the answer. "lost" lets the call be done and loses its answer. */
bool stage_play(struct stage *, const char *word);

#endif
