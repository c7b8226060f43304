/* store.h: what the files of this room know of the tables. */
#ifndef PROJECT_STORE_H
#define PROJECT_STORE_H

#include "project/project.h"

/* The row of project; its settings go to f->setting when `f`. False when there
 * is none. */
bool store_find(struct db *, const char *code, bool lock, int64_t *id, struct project_file *f);
/* A new row of project, open; false when the code is taken. Then the settings
 * of one that is there. */
bool store_insert(struct db *, const struct project_file *, int64_t *id);
void store_update(struct db *, int64_t id, const struct project_file *);

/* A row of package and its newest price, which may be one to come. */
struct stored_package {
	int64_t id, price_fen;
	bool on_sale, has_price, is_announced;
	struct project_package is; /* price_from: of that price */
};

/* The packages in the order of their rows; the caller releases each. */
size_t store_packages(struct db *, int64_t project, struct stored_package **);
void store_packages_free(struct stored_package *, size_t count);

/* The newest agreement, published or to be; false when there is none. */
bool store_agreement(struct db *, int64_t project, struct project_agreement *,
		     bool *is_announced) MUST_USE;

#endif
