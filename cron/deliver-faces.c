/* deliver-faces.c: tells the desk by mail that many faces are stored: a number, and
 * nobody's name. */
#include "deliver.h"

#include "db/row.h"
#include "identity/census.h"

/* What has been deleted in the meantime needs no mail. */
enum service_result deliver_faces(struct delivery *d)
{
	struct buffer text = BUFFER_INIT;
	enum service_result result = SERVICE_OK;
	int64_t persons, materials;
	const char *warning;
	char counted[32];

	if (!db_one(d->db,
		    "SELECT DATE_FORMAT(counted_at + INTERVAL 8 HOUR, '%Y-%m-%d %H:%i') AS counted,"
		    " persons, materials FROM face_count ORDER BY counted_on DESC LIMIT 1",
		    DB_NO_ARGS,
		    DB_OUT(DB_TEXT("counted", counted), DB_INT("persons", &persons),
			   DB_INT("materials", &materials))))
		return SERVICE_OK;
	warning = census_warning(d->config, persons);
	if (warning) {
		buffer_printf(&text,
			      "%s 共存有 %lld 人的人脸信息（%lld 份）。%s\n\n%s/admin/faces\n",
			      counted, (long long)persons, (long long)materials, warning,
			      config_text(d->config, "intranet_url"));
		result = deliver_to_desk(d, "【提醒】存储的人脸信息数量", buffer_text(&text));
	}
	buffer_release(&text);
	return result;
}
