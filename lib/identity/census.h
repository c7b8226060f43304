/* census.h: how many faces are stored, day by day (table face_count).
 *
 * The rules for face recognition (人脸识别技术应用安全管理办法, 15) ask whoever stores
 * the faces of 100000 people to file that within 30 working days. */
#ifndef IDENTITY_CENSUS_H
#define IDENTITY_CENSUS_H

#include "base/config.h"
#include "db/db.h"

#define CENSUS_FILING 100000
#define CENSUS_NEAR_FILING 80000

struct census {
	int64_t materials, persons;
};

/* Counts and stores under today. An application whose person has no number in
 * the index counts by itself, so the count is never too low. */
void census_take(struct db *, struct census *);
/* What to say about that many people, NULL while there is nothing to say. */
const char *census_warning(const struct config *, int64_t persons);

#endif
