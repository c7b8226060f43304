/* deliver-faces.c: tells the desk by mail that many faces are stored: a number, and
 * nobody's name. */
#include "deliver.h"

#include "identity/census.h"

static enum service_result send_count(struct delivery *d, const struct db_result *r)
{
	const char *warning = census_warning(d->config, db_int_at(r, 1));
	struct buffer text = BUFFER_INIT;
	enum service_result result;

	if (!warning)
		return SERVICE_OK;
	buffer_printf(&text, "%s 共存有 %lld 人的人脸信息（%lld 份）。%s\n\n%s/admin/faces\n",
		      db_text_at(r, 0), (long long)db_int_at(r, 1), (long long)db_int_at(r, 2),
		      warning, config_text(d->config, "intranet_url"));
	result = deliver_to_desk(d, "【提醒】存储的人脸信息数量", buffer_text(&text));
	buffer_release(&text);
	return result;
}

/* What has been deleted in the meantime needs no mail. */
enum service_result deliver_faces(struct delivery *d)
{
	struct db_result *r = db_select(
		d->db,
		"SELECT DATE_FORMAT(counted_at + INTERVAL 8 HOUR, '%Y-%m-%d %H:%i'), persons,"
		" materials FROM face_count ORDER BY counted_on DESC LIMIT 1",
		DB_NO_ARGS);
	enum service_result result = db_next(r) ? send_count(d, r) : SERVICE_OK;

	db_result_free(r);
	return result;
}
