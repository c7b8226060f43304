/* face-count.h: how many faces are stored, day by day (table face_count).
 *
 * The rules for face recognition (人脸识别技术应用安全管理办法, 15) ask for a filing
 * within 30 working days from 100000 people with stored faces on. */
#ifndef IDENTITY_FACE_COUNT_H
#define IDENTITY_FACE_COUNT_H

#include "base/config.h"
#include "db/db.h"

#define FACE_COUNT_FILING 100000
#define FACE_COUNT_NEAR_FILING 80000

struct face_count {
	int64_t materials, persons;
};

/* Counts and stores under today. An application whose person has no number in
 * the index counts by itself, so the count is never too low. */
void face_count_take(struct db *, struct face_count *);
/* The last counts, the newest first; the text belongs to the result. */
struct face_count_day {
	const char *counted; /* the minute in China */
	int64_t persons, materials;
};
struct db_result *face_count_days(struct db *, int most);
bool face_count_days_next(struct db_result *, struct face_count_day *);
/* The warning about that many people, NULL while none is due. */
const char *face_count_warning(const struct config *, int64_t persons);

#endif
