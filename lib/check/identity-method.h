/* identity-method.h: the methods of the identity check, and the actions of a
 * recording, in the words that every page uses.
 *
 * Names are those of project.identity_methods, order.identity_method and
 * identity_attempt.method, words those of project files. They differ where the tables
 * keep a word that the house has given up (docs/glossary.md). To add a method: a row
 * in identity-method.c, a value in those columns and in schema/projects/project.rng,
 * and its provider in lib/identity. */
#ifndef CHECK_IDENTITY_METHOD_H
#define CHECK_IDENTITY_METHOD_H

#include "base/base.h"

enum identity_method {
	IDENTITY_CLOUD, /* the page of a face service */
	IDENTITY_RECORDED, /* a recording with drawn actions, which a clerk looks at */
	IDENTITY_IN_PERSON, /* in person, with the card */
	IDENTITY_METHOD_COUNT,
};

struct identity_way {
	const char *name; /* in tables, events and posted forms: "cloud" */
	const char *word; /* in project files */
	const char *label, *hint; /* on the applicant's pages */
	bool face; /* needs the separate consent for face data */
};
extern const struct identity_way identity_ways[IDENTITY_METHOD_COUNT];

/* IDENTITY_METHOD_COUNT for an unknown or missing name. */
enum identity_method identity_method_by_name(const char *name);
/* Whether a set as the database writes it ("cloud,recorded") has this one. */
bool identity_method_in(const char *set, enum identity_method);
/* The same of the words of a project file, with blanks between. */
bool identity_word_in(const char *words, enum identity_method);

#endif
