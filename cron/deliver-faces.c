/* deliver-faces.c: mails the desk how many faces are stored. The mail holds a number
 * and no name. */
#include "deliver.h"

#include "identity/face-count.h"

/* When faces were deleted since and the count is low again, no mail is sent. */
enum service_result deliver_faces(struct delivery *d)
{
	struct buffer text = BUFFER_INIT;
	enum service_result result = SERVICE_OK;
	struct db_result *r = face_count_days(d->db, 1);
	struct face_count_day day;
	const char *warning = NULL;

	if (face_count_days_next(r, &day))
		warning = face_count_warning(d->config, day.persons);
	if (warning) {
		buffer_printf(&text,
			      "%s 共存有 %lld 人的人脸信息（%lld 份）。%s\n\n%s/admin/faces\n",
			      day.counted, (long long)day.persons, (long long)day.materials,
			      warning, config_text(d->config, "intranet_url"));
		result = deliver_to_desk(d, "【提醒】存储的人脸信息数量", buffer_text(&text));
	}
	buffer_release(&text);
	db_result_free(r);
	return result;
}
