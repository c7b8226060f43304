/* look.c: whether all that is sealed of an application opens where it stands, and
 * every index and digest is that of its value. */
#include "bulk.h"

#include <inttypes.h>

#include "base/alloc.h"
#include "base/die.h"
#include "db/row.h"
#include "fill.h"
#include "form/type.h"

struct looking {
	struct seed *seed;
	MYSQL *mysql;
	struct bulk_schema schema;
};

/* The blind index that stands beside a value of a form. */
static void look_at_index(struct seed_case *c, const struct form *form,
			  const struct form_field *field, const char *text)
{
	char *column = xprintf("%s_index", field->name);
	char *sql = xprintf("SELECT %s FROM `%s` WHERE application = ?", column, form->table);
	const struct form_type_row *type = form_type_of(field);
	struct buffer folded = BUFFER_INIT;
	uint8_t index[SHA256_SIZE], stored[SHA256_SIZE];

	if (type->fold)
		type->fold(text, &folded);
	vault_index(c->seed->vault, type->element, type->fold ? buffer_text(&folded) : text, index);
	buffer_wipe(&folded);
	if (!db_one(seed_db(c->seed, DB_OWNER, c->at_us), sql, DB_ARGS(db_int(c->id)),
		    DB_OUT(DB_BYTES(column, stored))) ||
	    memcmp(stored, index, sizeof(index)) != 0)
		die("application %" PRId64 ": %s.%s has another index", c->id, form->table,
		    field->name);
	free(sql);
	free(column);
}

/* form_load() dies of a value that does not open. */
static void look_at_form(struct seed_case *c, const struct form *form)
{
	struct form_owner owner = fill_owner(c);
	struct form_values *values = form_values_new(form);

	form_load(&owner, false, values);
	for (size_t i = 0; values->version && i < form->field_count; i++)
		if (form_type_of(&form->field[i])->indexed && *values->value[i].stored)
			look_at_index(c, form, &form->field[i], values->value[i].stored);
	form_values_free(values);
}

static void look_at_scans(struct seed_case *c)
{
	struct db *db = seed_db(c->seed, DB_OWNER, c->at_us);
	struct db_result *r = db_select(db, "SELECT id, sha256 FROM scan WHERE application = ?",
					DB_ARGS(db_int(c->id)));
	uint8_t digest[SHA256_SIZE], stored[SHA256_SIZE];
	int64_t id;

	while (db_next_row(r, DB_OUT(DB_INT("id", &id), DB_BYTES("sha256", stored)))) {
		struct buffer full = BUFFER_INIT, thumb = BUFFER_INIT;

		if (!scan_image(db, c->seed->vault, id, SCAN_FULL, &full) ||
		    !scan_image(db, c->seed->vault, id, SCAN_THUMB, &thumb))
			die("application %" PRId64 ": scan %" PRId64 " does not open", c->id, id);
		digest_sha256(full.data, full.len, digest);
		if (memcmp(stored, digest, sizeof(digest)) != 0)
			die("application %" PRId64 ": scan %" PRId64 " is another picture", c->id,
			    id);
		buffer_release(&full);
		buffer_release(&thumb);
	}
	db_result_free(r);
}

static void open_part(struct seed_case *c, const struct db_blob *sealed, const char *name,
		      struct buffer *out)
{
	char *context = xprintf("address.%s:%" PRId64, name, c->applicant);

	if (!vault_unseal(c->seed->vault, context, sealed->data, sealed->len, out))
		die("application %" PRId64 ": %s does not open", c->id, context);
	buffer_putc(out, '\n');
	free(context);
}

static void look_at_addresses(struct seed_case *c)
{
	struct db_result *r =
		db_select(seed_db(c->seed, DB_OWNER, c->at_us),
			  "SELECT recipient, mobile, region, street, fingerprint FROM address"
			  " WHERE applicant = ?",
			  DB_ARGS(db_int(c->applicant)));
	struct db_blob recipient, mobile, street;
	const char *region;
	uint8_t stored[SHA256_SIZE], print[SHA256_SIZE];

	while (db_next_row(r, DB_OUT(DB_BLOB("recipient", &recipient), DB_BLOB("mobile", &mobile),
				     DB_VIEW("region", &region), DB_BLOB("street", &street),
				     DB_BYTES("fingerprint", stored)))) {
		struct buffer all = BUFFER_INIT;

		open_part(c, &recipient, "recipient", &all);
		open_part(c, &mobile, "mobile", &all);
		buffer_printf(&all, "%s\n", region);
		open_part(c, &street, "street", &all);
		vault_index(c->seed->vault, "address", buffer_text(&all), print);
		if (memcmp(stored, print, sizeof(print)) != 0)
			die("application %" PRId64 ": an address has another fingerprint", c->id);
		buffer_release(&all);
	}
	db_result_free(r);
}

/* Taken as a model, every cell that has a rule is opened under its context. */
static void look(struct looking *l, int64_t id)
{
	struct seed_case c = { .seed = l->seed, .id = id, .at_us = l->seed->today_us };
	struct bulk_model *model = xcalloc(1, sizeof(*model));

	c.applicant = db_number(seed_db(l->seed, DB_OWNER, c.at_us),
				"SELECT applicant FROM application WHERE id = ?",
				DB_ARGS(db_int(id)));
	c.project = db_number(seed_db(l->seed, DB_OWNER, c.at_us),
			      "SELECT project FROM application WHERE id = ?", DB_ARGS(db_int(id)));
	for (size_t i = 0; form_all[i]; i++)
		look_at_form(&c, form_all[i]);
	look_at_scans(&c);
	look_at_addresses(&c);
	bulk_model_load(l->mysql, l->seed, &l->schema, id, model);
	free(model);
}

int seed_look(struct seed *seed)
{
	struct looking l = { .seed = seed, .mysql = bulk_connect(seed->config) };
	char line[32];
	int64_t count = 0;

	bulk_schema_load(l.mysql, &l.schema);
	for (; fgets(line, sizeof(line), stdin); count++)
		look(&l, strtoll(line, NULL, 10));
	mysql_close(l.mysql);
	printf("%" PRId64 " are sound\n", count);
	return 0;
}
