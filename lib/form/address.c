/* address.c: an entry of the applicant's address book, or a new one. */
#include "form/type.h"

#include <inttypes.h>

#include "base/alloc.h"
#include "base/die.h"
#include "db/row.h"

const struct form_field form_address_part[FORM_ADDRESS_PART_COUNT] = {
	[FORM_RECIPIENT] = {
		.type = FORM_TEXT, .name = "recipient", .label = "收件人", .max = 50,
		.required = true, .autocomplete = "name",
	},
	[FORM_RECIPIENT_MOBILE] = {
		.type = FORM_MOBILE, .name = "mobile", .label = "收件人手机号码",
		.required = true, .autocomplete = "tel",
	},
	[FORM_RECIPIENT_REGION] = {
		.type = FORM_REGION, .name = "region", .label = "收件地区", .required = true,
	},
	[FORM_STREET] = {
		.type = FORM_TEXT, .name = "street", .label = "详细地址", .max = 200,
		.hint = "街道、门牌号、楼栋和房间", .required = true,
		.autocomplete = "street-address",
	},
};

void form_address_control(const struct form_field *field, enum form_address_part part,
			  struct buffer *out)
{
	buffer_reset(out);
	buffer_printf(out, "%s_%s", field->name, form_address_part[part].name);
}

static struct form_address *new_parts(void)
{
	struct form_address *address = xcalloc(1, sizeof(*address));

	for (size_t i = 0; i < FORM_ADDRESS_PART_COUNT; i++) {
		address->part[i].text = xstrdup("");
		address->part[i].stored = xstrdup("");
	}
	return address;
}

static void read_part(struct form_reading *r, const struct form_field *field,
		      enum form_address_part part, struct form_value *v)
{
	struct form_value *p = &v->address->part[part];
	struct buffer control = BUFFER_INIT;

	form_address_control(field, part, &control);
	if (part == FORM_RECIPIENT_REGION)
		form_read_region_from(r, &form_address_part[part], buffer_text(&control), p);
	else
		form_read_line_from(r, &form_address_part[part], buffer_text(&control), p);
	buffer_release(&control);
}

static void read_new(struct form_reading *r, const struct form_field *field, struct form_value *v)
{
	bool empty = true;

	if (!v->address)
		v->address = new_parts();
	for (size_t i = 0; i < FORM_ADDRESS_PART_COUNT; i++) {
		read_part(r, field, i, v);
		if (*v->address->part[i].text || v->address->part[i].error)
			empty = false;
	}
	if (empty && !field->required) {
		form_value_set(v, "");
		return;
	}
	for (size_t i = 0; i < FORM_ADDRESS_PART_COUNT; i++) {
		struct form_value *p = &v->address->part[i];

		if (!*p->text && !p->error && !r->values->asked)
			form_missing(&form_address_part[i], p);
		if (p->error)
			v->error = "新地址还没有填好，请看下面的提示";
	}
}

static bool owns(const struct form_owner *owner, const char *id)
{
	if (strlen(id) > 18 || strspn(id, "0123456789") != strlen(id))
		return false;
	return db_exists(owner->db, "SELECT 1 FROM address WHERE id = ? AND applicant = ?",
			 DB_ARGS(db_int(strtoll(id, NULL, 10)), db_int(owner->applicant)));
}

void form_read_address(struct form_reading *r, const struct form_field *field, struct form_value *v)
{
	const char *typed = r->source(r->context, field->name);

	if (!typed)
		return;
	if (strcmp(typed, FORM_ADDRESS_NEW) == 0) {
		form_value_set(v, typed);
		read_new(r, field, v);
	} else if (!*typed || strcmp(typed, v->stored) == 0 || owns(r->owner, typed)) {
		form_value_set(v, typed);
	} else {
		form_value_set(v, "");
		v->error = "没有找到这个地址，请重新选择或填写新地址";
	}
}

bool form_address_ready(const struct form_value *v)
{
	if (!v->address || v->error || strcmp(v->text, FORM_ADDRESS_NEW) != 0)
		return false;
	for (size_t i = 0; i < FORM_ADDRESS_PART_COUNT; i++)
		if (!*v->address->part[i].text)
			return false;
	return true;
}

/* The sealed columns and what they are sealed under. */
static void seal(const struct form_owner *owner, const struct form_value *v,
		 enum form_address_part part, struct buffer *out)
{
	const char *text = v->address->part[part].text;
	struct buffer context = BUFFER_INIT;

	buffer_printf(&context, "address.%s:%" PRId64, form_address_part[part].name,
		      owner->applicant);
	vault_seal(owner->vault, buffer_text(&context), text, strlen(text), out);
	buffer_release(&context);
}

static void fingerprint(const struct form_owner *owner, const struct form_value *v,
			uint8_t out[SHA256_SIZE])
{
	struct buffer all = BUFFER_INIT;

	for (size_t i = 0; i < FORM_ADDRESS_PART_COUNT; i++)
		buffer_printf(&all, "%s\n", v->address->part[i].text);
	vault_index(owner->vault, "address", buffer_text(&all), out);
	buffer_wipe(&all);
}

static int64_t find(const struct form_owner *owner, const uint8_t print[SHA256_SIZE])
{
	return db_number(owner->db,
			 "SELECT id FROM address WHERE applicant = ? AND fingerprint = ?"
			 " LOCK IN SHARE MODE",
			 DB_ARGS(db_int(owner->applicant), db_bytes(print, SHA256_SIZE)));
}

int64_t form_address_store(const struct form_owner *owner, const struct form_value *v)
{
	struct buffer recipient = BUFFER_INIT, mobile = BUFFER_INIT, street = BUFFER_INIT;
	uint8_t print[SHA256_SIZE];
	int64_t id;
	long done;

	seal(owner, v, FORM_RECIPIENT, &recipient);
	seal(owner, v, FORM_RECIPIENT_MOBILE, &mobile);
	seal(owner, v, FORM_STREET, &street);
	fingerprint(owner, v, print);
	done = db_exec(owner->db,
		       "INSERT INTO address (applicant, recipient, mobile, region, street,"
		       " fingerprint, created_at) VALUES (?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3))",
		       DB_ARGS(db_int(owner->applicant), db_bytes(recipient.data, recipient.len),
			       db_bytes(mobile.data, mobile.len),
			       db_text(v->address->part[FORM_RECIPIENT_REGION].text),
			       db_bytes(street.data, street.len), db_bytes(print, SHA256_SIZE)));
	id = done == DB_DUPLICATE ? find(owner, print) : db_inserted_id(owner->db);
	buffer_release(&recipient);
	buffer_release(&mobile);
	buffer_release(&street);
	return id;
}
