/* copy.c: one copy of a model: other keys, people and times. */
#include "bulk.h"

#include <inttypes.h>

#include "base/alloc.h"
#include "base/die.h"

#define MONTHS_US (60 * 24 * SEED_HOUR_US) /* how much earlier an ended one may lie */

/* The values of one row, as they go into the table, and before sealing. */
struct copying {
	struct seed *seed;
	const struct bulk_schema *schema;
	const struct bulk_model *model;
	int64_t *id;
	char token[BULK_TOKENS_MAX][PUBLIC_ID_SIZE];
	char slot[SLOT_COUNT][EMAIL_MAX + 1];
	int64_t event_us[BULK_EVENTS_MAX];
	struct buffer raw[BULK_COLUMNS_MAX], plain[BULK_COLUMNS_MAX];
	int64_t time_us[BULK_COLUMNS_MAX];
};

/* -- people -- */

static void say(struct copying *c, enum bulk_slot slot, const char *text)
{
	snprintf(c->slot[slot], sizeof(c->slot[slot]), "%s", text);
}

static void bulk_people(struct copying *c)
{
	struct seed_random *random = &c->seed->random;
	struct seed_company company;
	struct seed_person rep, agent, to;

	seed_company(random, &c->seed->regions, &company);
	do
		seed_person(random, &rep);
	while (strstr(rep.name, "·"));
	do
		seed_person(random, &agent);
	while (strstr(agent.name, "·") || !*agent.landline);
	do
		seed_person(random, &to);
	while (strstr(to.name, "·"));
	seed_core(random, c->slot[SLOT_CORE]);
	say(c, SLOT_REGION, company.region);
	say(c, SLOT_USCC, company.uscc);
	say(c, SLOT_STREET, company.street);
	say(c, SLOT_EMAIL, company.email);
	say(c, SLOT_REP_NAME, rep.name);
	say(c, SLOT_REP_ID, rep.id_number);
	say(c, SLOT_REP_MOBILE, rep.mobile);
	say(c, SLOT_AGENT_NAME, agent.name);
	say(c, SLOT_AGENT_ID, agent.id_number);
	say(c, SLOT_AGENT_MOBILE, agent.mobile);
	say(c, SLOT_AGENT_LANDLINE, agent.landline);
	say(c, SLOT_TO_NAME, to.name);
	say(c, SLOT_TO_MOBILE, to.mobile);
}

static void random_words(struct seed_random *random, const char *alphabet, unsigned letters,
			 char *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = alphabet[seed_below(random, letters)];
}

static const char base32[] = "0123456789abcdefghjkmnpqrstvwxyz";

/* The first letter of 128 bits holds three of them. */
static void draw_tokens(struct copying *c)
{
	for (int i = 0; i < c->model->tokens; i++) {
		random_words(&c->seed->random, base32, 32, c->token[i], PUBLIC_ID_LEN);
		c->token[i][0] = base32[seed_below(&c->seed->random, 8)];
		c->token[i][PUBLIC_ID_LEN] = '\0';
	}
}

/* -- times: pauses become shorter, never longer, so that no deadline passes -- */

static void draw_times(struct copying *c)
{
	const struct bulk_model *m = c->model;
	struct seed_random *random = &c->seed->random;
	int64_t end = m->event_us[m->events - 1], since = c->seed->today_us - end;
	int64_t least = m->last_us - end > since / 2 ? m->last_us - end : since / 2;
	int64_t earlier = m->event_us[0] - c->seed->floor_us, most = since;

	if (m->ended && earlier > 0)
		most += earlier < MONTHS_US ? earlier : MONTHS_US;
	if (most > least)
		since = least + (int64_t)(seed_draw(random) % (uint64_t)(most - least));
	c->event_us[m->events - 1] = c->seed->today_us - since;
	for (int i = m->events - 1; i > 0; i--) {
		int64_t pause = m->event_us[i] - m->event_us[i - 1];

		if (!m->event_fixed[i])
			pause = pause / 1000 * (500 + (int64_t)seed_below(random, 500));
		c->event_us[i - 1] = c->event_us[i] - pause;
	}
}

static int64_t cut(int64_t us, int digits)
{
	int64_t unit = SEED_US;

	while (digits-- > 0)
		unit /= 10;
	return us - us % unit;
}

/* Where a time of the model comes to lie: at an event, or between two. */
static int64_t move_time(const struct copying *c, int64_t us, int digits)
{
	const struct bulk_model *m = c->model;
	int i = 0;
	int64_t from, to;

	while (i < m->events && us > cut(m->event_us[i], digits))
		i++;
	if (i < m->events && us == cut(m->event_us[i], digits))
		return c->event_us[i];
	if (i == 0)
		return c->event_us[0] + us - m->event_us[0];
	if (i == m->events)
		return c->event_us[i - 1] + us - m->event_us[i - 1];
	from = m->event_us[i - 1];
	to = m->event_us[i];
	if (us <= from)
		return c->event_us[i - 1];
	return c->event_us[i - 1] + (int64_t)((double)(us - from) / (double)(to - from) *
					      (double)(c->event_us[i] - c->event_us[i - 1]));
}

/* Whole hours behind the last event that fits. */
static int64_t move_deadline(const struct copying *c, int64_t us)
{
	const struct bulk_model *m = c->model;

	for (int i = m->events - 1; i >= 0; i--) {
		int64_t at = cut(m->event_us[i], 3);

		if ((us - at) % SEED_HOUR_US == 0)
			return c->event_us[i] + us - at;
	}
	die("a deadline that hangs on no event");
}

/* -- cells -- */

static void write_pieces(const struct copying *c, const struct bulk_piece *piece, size_t count,
			 struct buffer *out)
{
	for (size_t i = 0; i < count; i++) {
		switch (piece[i].kind) {
		case PIECE_TEXT:
			buffer_add(out, piece[i].bytes, piece[i].len);
			break;
		case PIECE_TOKEN:
			buffer_add(out, c->token[piece[i].n], PUBLIC_ID_LEN);
			break;
		case PIECE_REF:
			buffer_printf(out, "%" PRId64, c->id[piece[i].table] + piece[i].n);
			break;
		case PIECE_SLOT:
			buffer_puts(out, c->slot[piece[i].n]);
			break;
		}
	}
}

static void seal(struct copying *c, const struct bulk_cell *cell, int column, bool face)
{
	struct buffer context = BUFFER_INIT, *plain = &c->plain[column];

	write_pieces(c, cell->piece, cell->pieces, plain);
	write_pieces(c, cell->context, cell->contexts, &context);
	if (face)
		vault_seal_face(c->seed->vault, buffer_text(&context), plain->data, plain->len,
				&c->raw[column]);
	else
		vault_seal(c->seed->vault, buffer_text(&context), plain->data, plain->len,
			   &c->raw[column]);
	buffer_release(&context);
}

static void write_time(struct copying *c, int column, int64_t us, int digits)
{
	char text[32];

	c->time_us[column] = us;
	bulk_time_text(us, digits, text);
	buffer_puts(&c->raw[column], text);
}

/* A slot is indexed anew; what no slot stands for keeps its index. */
static void write_index(struct copying *c, const struct bulk_cell *cell, int column,
			const char *domain)
{
	uint8_t index[SHA256_SIZE];

	if (cell->piece[0].kind != PIECE_SLOT) {
		write_pieces(c, cell->piece, cell->pieces, &c->raw[column]);
		return;
	}
	vault_index(c->seed->vault, domain, c->slot[cell->piece[0].n], index);
	buffer_add(&c->raw[column], index, sizeof(index));
}

static void write_random(struct copying *c, const struct bulk_cell *cell, int column,
			 const struct bulk_column_rule *rule)
{
	size_t n = cell->piece[0].len, keep = (size_t)rule->keep;
	char *at;

	buffer_add(&c->raw[column], cell->piece[0].bytes, keep < n ? keep : n);
	if (keep >= n)
		return;
	at = buffer_room(&c->raw[column], n - keep);
	if (rule->rule == BULK_RANDOM)
		random_bytes(at, n - keep);
	else if (rule->rule == BULK_DIGITS)
		random_words(&c->seed->random, "0123456789", 10, at, n - keep);
	else
		random_words(&c->seed->random, base32, 32, at, n - keep);
	c->raw[column].len += n - keep;
}

static void write_cell(struct copying *c, const struct bulk_column *column, int n,
		       const struct bulk_cell *cell)
{
	const struct bulk_column_rule *rule = column->rule;

	switch (rule ? rule->rule : BULK_COPY) {
	case BULK_SEAL:
	case BULK_FACE:
		seal(c, cell, n, rule->rule == BULK_FACE);
		break;
	case BULK_INDEX:
		write_index(c, cell, n, rule->text);
		break;
	case BULK_RANDOM:
	case BULK_WORD:
	case BULK_DIGITS:
		write_random(c, cell, n, rule);
		break;
	case BULK_DEADLINE:
		write_time(c, n, move_deadline(c, cell->time_us), column->time_digits);
		break;
	case BULK_AFTER: /* by finish_row() */
	case BULK_PRINT:
	case BULK_LEAF:
		break;
	default:
		if (column->time_digits >= 0)
			write_time(c, n, move_time(c, cell->time_us, column->time_digits),
				   column->time_digits);
		else
			write_pieces(c, cell->piece, cell->pieces, &c->raw[n]);
	}
}

/* -- what hangs on other columns of the row -- */

static const struct buffer *named(const struct bulk_table *t, struct buffer *list, const char *name)
{
	for (int i = 0; i < t->columns; i++)
		if (!strcmp(t->column[i].name, name))
			return &list[i];
	die("there is no column %s", name);
}

/* RFC 9162, 2.1.1, as the trigger of table event writes it. */
static void write_leaf(struct copying *c, const struct bulk_table *t, int column)
{
	static const char *const order[] = { "application", "at",   "event", "from_state",
					     "to_state",    "role", "actor", "idempotency_key",
					     "detail" };
	struct buffer text = BUFFER_INIT;
	uint8_t leaf[SHA256_SIZE];

	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		const struct buffer *value = named(t, c->raw, order[i]);

		buffer_putc(&text, i ? '\n' : '\0');
		buffer_add(&text, value->data, value->len);
	}
	digest_sha256(text.data, text.len, leaf);
	buffer_add(&c->raw[column], leaf, sizeof(leaf));
	buffer_release(&text);
}

/* As lib/form/address.c makes the fingerprint of an entry. */
static void write_print(struct copying *c, const struct bulk_table *t, int column)
{
	struct buffer text = BUFFER_INIT;
	uint8_t print[SHA256_SIZE];

	buffer_printf(&text, "%s\n%s\n%s\n%s\n", buffer_text(named(t, c->plain, "recipient")),
		      buffer_text(named(t, c->plain, "mobile")),
		      buffer_text(named(t, c->raw, "region")),
		      buffer_text(named(t, c->plain, "street")));
	vault_index(c->seed->vault, "address", buffer_text(&text), print);
	buffer_add(&c->raw[column], print, sizeof(print));
	buffer_release(&text);
}

static void finish_row(struct copying *c, const struct bulk_table *t, const struct bulk_cell *cell)
{
	for (int i = 0; i < t->columns; i++) {
		const struct bulk_column *column = &t->column[i];

		if (cell[i].null || !column->rule)
			continue;
		if (column->rule->rule == BULK_AFTER)
			write_time(c, i,
				   c->time_us[column->after] + cell[i].time_us -
					   cell[column->after].time_us,
				   column->time_digits);
		else if (column->rule->rule == BULK_PRINT)
			write_print(c, t, i);
		else if (column->rule->rule == BULK_LEAF)
			write_leaf(c, t, i);
	}
}

/* For the test that looks whether a fault of this file would be found. */
static void damage_row(struct copying *c, const char *table, const struct bulk_table *t)
{
	const char *place = c->seed->damage[c->seed->copied % c->seed->damages];
	size_t n = strlen(table);

	if (strncmp(place, table, n) != 0 || place[n] != '.')
		return;
	for (int i = 0; i < t->columns; i++) {
		struct buffer *raw = &c->raw[i];
		char *last = raw->len ? &raw->data[raw->len - 1] : NULL;

		if (!last || strcmp(place + n + 1, t->column[i].name) != 0)
			continue;
		if (*last >= '0' && *last <= '9' && raw->len != SHA256_SIZE)
			*last = *last == '0' ? '1' : (char)(*last - 1);
		else
			*last ^= 1;
	}
}

/* -- as LOAD DATA takes it -- */

static void escape(struct buffer *out, const char *bytes, size_t n)
{
	char *at = buffer_room(out, 2 * n + 1), *to = at;

	for (size_t i = 0; i < n; i++) {
		char c = bytes[i];

		if (c == '\\' || c == '\t' || c == '\n' || c == '\0')
			*to++ = '\\';
		*to++ = c == '\t' ? 't' : c == '\n' ? 'n' : c == '\0' ? '0' : c;
	}
	out->len += (size_t)(to - at);
}

static void write_row(struct copying *c, const struct bulk_table *t, const struct bulk_cell *cell,
		      struct buffer *out)
{
	for (int i = 0; i < t->columns; i++) {
		if (i)
			buffer_putc(out, '\t');
		if (cell[i].null)
			buffer_puts(out, "\\N");
		else
			escape(out, c->raw[i].data, c->raw[i].len);
	}
	buffer_putc(out, '\n');
}

static void copy_row(struct copying *c, size_t table, const struct bulk_cell *cell,
		     struct buffer *out)
{
	const struct bulk_table *t = &c->schema->table[table];

	for (int i = 0; i < t->columns; i++) {
		buffer_reset(&c->raw[i]);
		buffer_reset(&c->plain[i]);
		if (!cell[i].null)
			write_cell(c, &t->column[i], i, &cell[i]);
	}
	finish_row(c, t, cell);
	if (c->seed->damages)
		damage_row(c, bulk_tables[table].name, t);
	write_row(c, t, cell, out);
}

void bulk_copy(struct seed *seed, const struct bulk_schema *schema, const struct bulk_model *model,
	       int64_t id[BULK_TABLES_MAX], struct buffer out[BULK_TABLES_MAX])
{
	static struct copying c; /* its buffers are used again */

	c.seed = seed;
	c.schema = schema;
	c.model = model;
	c.id = id;
	bulk_people(&c);
	draw_tokens(&c);
	draw_times(&c);
	for (size_t t = 0; t < bulk_table_count; t++)
		for (int row = 0; row < model->rows[t]; row++)
			copy_row(&c, t, &model->cell[t][row * schema->table[t].columns], &out[t]);
	for (size_t t = 0; t < bulk_table_count; t++)
		id[t] += model->rows[t];
	seed->copied++;
}
