/* census.h: how many faces are stored, day by day (table face_count).
 *
 * The rules for face recognition (人脸识别技术应用安全管理办法, 15) ask for a filing
 * within 30 working days from 100000 people with stored faces on. */
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
/* The last counts, the newest first; the text belongs to the result. */
struct census_day {
	const char *counted; /* the minute in China */
	int64_t persons, materials;
};
struct db_result *census_days(struct db *, int most);
bool census_days_next(struct db_result *, struct census_day *);
/* The warning about that many people, NULL while none is due. */
const char *census_warning(const struct config *, int64_t persons);

#endif
