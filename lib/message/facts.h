/* facts.h: what a message can say, as values by name. Inside lib/message alone. */
#ifndef MESSAGE_FACTS_H
#define MESSAGE_FACTS_H

#include "message/message.h"

enum message_fact {
	FACT_PROJECT, /* 赣州市公积金管理中心 CA 项目 */
	FACT_HELP_PHONE, /* "" if none */
	FACT_COMPANY, /* 贵单位 while no name is filled in */
	FACT_TIME, /* of the event, else now: 2026年2月1日 08:00 */
	FACT_DEADLINE, /* 2026年2月1日; "" if none runs */
	FACT_TRACKING, /* 顺丰快递的单号; "" if not known */
	FACT_COUNT,
};

struct message_facts {
	char *text[FACT_COUNT]; /* never NULL once loaded */
	char *link; /* absolute */
	struct buffer reasons; /* one a line */
};

/* The fact of that name which templates of this kind may use; FACT_COUNT if
 * there is none. The name ends after n bytes. */
enum message_fact message_fact_named(enum message_scope, const char *name, size_t n);
/* NULL when there is no such project, application or event. */
struct message_facts *message_facts_load(struct db *, const struct config *, enum message_scope,
					 const struct message_case *);
void message_facts_free(struct message_facts *);

#endif
