/* model.c: the rows of a walked application, taken apart into pieces. */
#include "bulk.h"

#include <inttypes.h>

#include "base/alloc.h"
#include "base/die.h"

#define SHORT_US (600 * SEED_US) /* a pause that stays as it is */

/* -- rows as they are -- */

struct raw {
	const struct bulk_schema *schema;
	struct seed *seed;
	struct bulk_model *model;
	MYSQL_RES *result[BULK_TABLES_MAX];
	MYSQL_ROW *row[BULK_TABLES_MAX];
	unsigned long (*len[BULK_TABLES_MAX])[BULK_COLUMNS_MAX];
};

static int column_of(const struct raw *raw, int table, const char *name)
{
	const struct bulk_table *t = &raw->schema->table[table];

	for (int i = 0; i < t->columns; i++)
		if (!strcmp(t->column[i].name, name))
			return i;
	die("%s has no column %s", bulk_tables[table].name, name);
}

static const char *value_of(const struct raw *raw, int table, int row, const char *column)
{
	const char *value = raw->row[table][row][column_of(raw, table, column)];

	return value ? value : "";
}

static void read_table(MYSQL *mysql, struct raw *raw, int table)
{
	const struct bulk_table *t = &raw->schema->table[table];
	struct buffer sql = BUFFER_INIT;
	MYSQL_RES *r;
	int rows;

	buffer_puts(&sql, "SELECT ");
	for (int i = 0; i < t->columns; i++)
		buffer_printf(&sql, "%s`%s`", i ? ", " : "", t->column[i].name);
	buffer_printf(&sql, " FROM `%s` WHERE %s%s", bulk_tables[table].name,
		      bulk_tables[table].where, t->numbered ? " ORDER BY id" : "");

	r = raw->result[table] = bulk_query(mysql, buffer_text(&sql));
	rows = raw->model->rows[table] = (int)mysql_num_rows(r);
	raw->row[table] = xcalloc((size_t)rows + 1, sizeof(MYSQL_ROW));
	raw->len[table] = xcalloc((size_t)rows + 1, sizeof(*raw->len[table]));
	for (int i = 0; i < rows; i++) {
		raw->row[table][i] = mysql_fetch_row(r);
		memcpy(raw->len[table][i], mysql_fetch_lengths(r),
		       (size_t)t->columns * sizeof(unsigned long));
	}
	buffer_release(&sql);
}

/* -- pieces -- */

static struct bulk_piece *add(struct bulk_piece **list, size_t *count)
{
	*list = xrealloc(*list, (*count + 1) * sizeof(**list));
	memset(&(*list)[*count], 0, sizeof(**list));
	return &(*list)[(*count)++];
}

static void add_text(struct bulk_cell *cell, const char *bytes, size_t n)
{
	struct bulk_piece *piece;

	if (!n && cell->pieces)
		return;
	piece = add(&cell->piece, &cell->pieces);
	piece->kind = PIECE_TEXT;
	piece->bytes = xmemdup0(bytes, n);
	piece->len = n;
}

static int row_with(const struct raw *raw, int table, int64_t id)
{
	for (int i = 0; i < raw->model->rows[table]; i++)
		if (strtoll(value_of(raw, table, i, "id"), NULL, 10) == id)
			return i;
	die("a row of the model points to %s %" PRId64 ", which is not in it",
	    bulk_tables[table].name, id);
}

static void add_ref(const struct raw *raw, struct bulk_cell *cell, const char *table,
		    const char *digits)
{
	struct bulk_piece *piece;

	if (!strcmp(digits, "0")) {
		add_text(cell, digits, 1);
		return;
	}
	piece = add(&cell->piece, &cell->pieces);
	piece->kind = PIECE_REF;
	piece->table = bulk_table_index(table);
	piece->n = row_with(raw, piece->table, strtoll(digits, NULL, 10));
}

static void add_token(struct bulk_model *m, struct bulk_cell *cell, const char *text)
{
	struct bulk_piece *piece = add(&cell->piece, &cell->pieces);
	int n = 0;

	while (n < m->tokens && strncmp(m->token[n], text, PUBLIC_ID_LEN) != 0)
		n++;
	if (n == BULK_TOKENS_MAX)
		die("more than %d keys in one application", BULK_TOKENS_MAX);
	if (n == m->tokens)
		snprintf(m->token[m->tokens++], PUBLIC_ID_SIZE, "%.26s", text);
	piece->kind = PIECE_TOKEN;
	piece->n = n;
}

static void add_slot(struct bulk_cell *cell, int slot)
{
	struct bulk_piece *piece = add(&cell->piece, &cell->pieces);

	piece->kind = PIECE_SLOT;
	piece->n = slot;
}

/* Words of our own keys and payloads, and whose id follows. */
static const struct {
	const char *word, *table;
} numbered[] = {
	{ "invoice-again-", "invoice" }, { "invoice-mail-", "invoice" },
	{ "invoice-red-", "invoice" },   { "invoice-", "payment" },
	{ "rejected-", "event" },        { "remind-", "application" },
	{ "refund-", "refund" },         { "identity-", "identity_attempt" },
	{ "\"payment\":", "payment" },   { "\"invoice\":", "invoice" },
	{ "\"refund\":", "refund" },
};

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

/* The effect's key: e123-paid. */
static bool is_effect(const char *text)
{
	size_t n = strspn(text + 1, "0123456789");

	return text[0] == 'e' && n && text[1 + n] == '-';
}

/* The word and digits that stand here, as pieces; how many bytes they are. */
static size_t take_number(const struct raw *raw, struct bulk_cell *cell, const char *text,
			  bool first)
{
	char digits[24];
	size_t word = first && is_effect(text) ? 1 : 0, n;
	const char *table = word ? "event" : NULL;

	for (size_t i = 0; !table && i < ARRAY_SIZE(numbered); i++)
		if (!strncmp(text, numbered[i].word, strlen(numbered[i].word))) {
			word = strlen(numbered[i].word);
			table = numbered[i].table;
		}
	n = table ? strspn(text + word, "0123456789") : 0;
	if (!n || n >= sizeof(digits))
		return 0;
	add_text(cell, text, word);
	snprintf(digits, sizeof(digits), "%.*s", (int)n, text + word);
	add_ref(raw, cell, table, digits);
	return word + n;
}

static void compile_keys(const struct raw *raw, struct bulk_cell *cell, const char *text)
{
	size_t from = 0, at = 0, n = strlen(text);

	while (at < n) {
		size_t run = 0, taken;

		while (is_word(text[at + run]))
			run++;
		if (run == PUBLIC_ID_LEN) {
			add_text(cell, text + from, at - from);
			add_token(raw->model, cell, text + at);
			from = at += run;
			continue;
		}
		struct bulk_cell found = { 0 };

		taken = take_number(raw, &found, text + at, at == 0);
		if (taken) {
			add_text(cell, text + from, at - from);
			for (size_t i = 0; i < found.pieces; i++)
				*add(&cell->piece, &cell->pieces) = found.piece[i];
			free(found.piece);
			from = at += taken;
			continue;
		}
		at += run ? run : 1;
	}
	add_text(cell, text + from, n - from);
}

static void compile_said(const struct raw *raw, struct bulk_cell *cell, const char *text, size_t n)
{
	const char *core = raw->model->slot[SLOT_CORE];
	const char *at = core && n < SEED_NAME_MAX * 2 ? strstr(text, core) : NULL;

	for (int slot = SLOT_CORE + 1; slot < SLOT_COUNT; slot++) {
		const char *known = raw->model->slot[slot];

		if (known && strlen(known) == n && !memcmp(known, text, n)) {
			add_slot(cell, slot);
			return;
		}
	}
	if (!at) {
		add_text(cell, text, n);
		return;
	}
	if (at != text)
		add_text(cell, text, (size_t)(at - text));
	add_slot(cell, SLOT_CORE);
	add_text(cell, at + strlen(core), n - (size_t)(at - text) - strlen(core));
}

static void compile_index(const struct raw *raw, struct bulk_cell *cell, const char *domain,
			  const char *bytes, size_t n)
{
	for (int slot = SLOT_CORE + 1; slot < SLOT_COUNT; slot++) {
		uint8_t index[SHA256_SIZE];

		if (!raw->model->slot[slot])
			continue;
		vault_index(raw->seed->vault, domain, raw->model->slot[slot], index);
		if (n == SHA256_SIZE && !memcmp(index, bytes, n)) {
			add_slot(cell, slot);
			return;
		}
	}
	add_text(cell, bytes, n);
}

/* A context's text with the row's values as they are, and as pieces. */
static void compile_context(const struct raw *raw, int table, int row, const char *pattern,
			    struct bulk_cell *cell, struct buffer *now)
{
	struct bulk_cell found = { 0 };

	while (*pattern) {
		size_t n = strcspn(pattern, "{");
		char name[65];
		const struct bulk_column_rule *rule;

		add_text(&found, pattern, n);
		buffer_add(now, pattern, n);
		pattern += n;
		if (!*pattern)
			break;
		n = strcspn(++pattern, "}");
		snprintf(name, sizeof(name), "%.*s", (int)n, pattern);
		pattern += n + 1;
		rule = bulk_rule_of(bulk_tables[table].name, name);
		buffer_puts(now, value_of(raw, table, row, name));
		if (rule && (rule->rule == BULK_REF || rule->rule == BULK_ID))
			add_ref(raw, &found, rule->text ? rule->text : bulk_tables[table].name,
				value_of(raw, table, row, name));
		else
			add_text(&found, value_of(raw, table, row, name),
				 strlen(value_of(raw, table, row, name)));
	}
	cell->context = found.piece;
	cell->contexts = found.pieces;
}

/* The plain value of a sealed cell. */
static void open_cell(const struct raw *raw, int table, int row, int column, struct bulk_cell *cell,
		      struct buffer *plain)
{
	const struct bulk_column_rule *rule = raw->schema->table[table].column[column].rule;
	const char *sealed = raw->row[table][row][column];
	unsigned long n = raw->len[table][row][column];
	struct buffer context = BUFFER_INIT;
	bool good;

	compile_context(raw, table, row, rule->text, cell, &context);
	good = rule->rule == BULK_FACE ?
		       vault_unseal_face(raw->seed->vault, buffer_text(&context), sealed, n,
					 plain) :
		       vault_unseal(raw->seed->vault, buffer_text(&context), sealed, n, plain);
	if (!good)
		die("%s.%s does not open under %s", bulk_tables[table].name,
		    raw->schema->table[table].column[column].name, buffer_text(&context));
	buffer_release(&context);
}

/* -- people -- */

static const struct {
	const char *table, *column;
	enum bulk_slot slot;
} sources[] = {
	{ "company", "region", SLOT_REGION },         { "company", "uscc", SLOT_USCC },
	{ "legal_rep", "name", SLOT_REP_NAME },       { "legal_rep", "id_number", SLOT_REP_ID },
	{ "legal_rep", "mobile", SLOT_REP_MOBILE },   { "agent", "name", SLOT_AGENT_NAME },
	{ "agent", "id_number", SLOT_AGENT_ID },      { "agent", "mobile", SLOT_AGENT_MOBILE },
	{ "agent", "landline", SLOT_AGENT_LANDLINE }, { "address", "street", SLOT_STREET },
	{ "order", "invoice_email", SLOT_EMAIL },     { "address", "recipient", SLOT_TO_NAME },
	{ "address", "mobile", SLOT_TO_MOBILE },
};

static void find_people(struct raw *raw)
{
	struct bulk_model *m = raw->model;
	int company = bulk_table_index("company");
	size_t at;

	if (m->rows[company] && seed_company_core(value_of(raw, company, 0, "name"), &at))
		m->slot[SLOT_CORE] = xprintf("%.*s", SEED_CORE_LEN,
					     value_of(raw, company, 0, "name") + at);
	for (size_t i = 0; i < ARRAY_SIZE(sources); i++) {
		int table = bulk_table_index(sources[i].table);
		int column = column_of(raw, table, sources[i].column);
		const struct bulk_column_rule *rule = raw->schema->table[table].column[column].rule;
		struct buffer plain = BUFFER_INIT;
		struct bulk_cell unused = { 0 };

		if (!m->rows[table] || !raw->row[table][0][column])
			continue;
		if (rule->rule == BULK_SEAL)
			open_cell(raw, table, 0, column, &unused, &plain);
		else
			buffer_puts(&plain, raw->row[table][0][column]);
		/* a name of another people stays: its kind is rare */
		if (!strstr(buffer_text(&plain), "·"))
			m->slot[sources[i].slot] = buffer_detach(&plain);
		buffer_wipe(&plain);
	}
}

/* -- cells -- */

static void compile(struct raw *raw, int table, int row, int column, struct bulk_cell *cell)
{
	const struct bulk_column *c = &raw->schema->table[table].column[column];
	const struct bulk_column_rule *rule = c->rule;
	const char *bytes = raw->row[table][row][column];
	size_t n = raw->len[table][row][column];
	struct buffer plain = BUFFER_INIT;

	cell->null = !bytes;
	if (!bytes)
		return;
	if (c->time_digits >= 0)
		cell->time_us = bulk_time_read(bytes);
	switch (rule ? rule->rule : BULK_COPY) {
	case BULK_ID:
		add_ref(raw, cell, bulk_tables[table].name, bytes);
		break;
	case BULK_REF:
		add_ref(raw, cell, rule->text, bytes);
		break;
	case BULK_ACTOR:
		if (!strcmp(value_of(raw, table, row, "role"), "applicant"))
			add_ref(raw, cell, rule->text, bytes);
		else
			add_text(cell, bytes, n);
		break;
	case BULK_KEYS:
		compile_keys(raw, cell, bytes);
		break;
	case BULK_SAID:
		compile_said(raw, cell, bytes, n);
		break;
	case BULK_SEAL:
	case BULK_FACE:
		open_cell(raw, table, row, column, cell, &plain);
		compile_said(raw, cell, buffer_text(&plain), plain.len);
		buffer_wipe(&plain);
		break;
	case BULK_INDEX:
		compile_index(raw, cell, rule->text, bytes, n);
		break;
	default:
		add_text(cell, bytes, n);
	}
}

static void compile_all(struct raw *raw)
{
	for (size_t t = 0; t < bulk_table_count; t++) {
		int columns = raw->schema->table[t].columns, rows = raw->model->rows[t];

		raw->model->cell[t] = xcalloc((size_t)(rows * columns) + 1,
					      sizeof(struct bulk_cell));
		for (int row = 0; row < rows; row++)
			for (int column = 0; column < columns; column++)
				compile(raw, (int)t, row, column,
					&raw->model->cell[t][row * columns + column]);
	}
}

/* Times in the future, like a deadline, are not part of the history. */
static void find_times(struct raw *raw)
{
	struct bulk_model *m = raw->model;
	int event = bulk_table_index("event"), at = column_of(raw, event, "at");
	int columns = raw->schema->table[event].columns;

	for (int i = 0; i < m->rows[event]; i++) {
		int64_t us = m->cell[event][i * columns + at].time_us;

		if (m->events == BULK_EVENTS_MAX)
			die("more than %d events", BULK_EVENTS_MAX);
		m->event_fixed[i] = !strcmp(value_of(raw, event, i, "role"), "cron") ||
				    (i && us - m->event_us[i - 1] < SHORT_US);
		m->event_us[m->events++] = us;
	}
	m->last_us = m->event_us[m->events - 1];
	for (size_t t = 0; t < bulk_table_count; t++)
		for (int i = 0; i < m->rows[t] * raw->schema->table[t].columns; i++) {
			const struct bulk_cell *cell = &m->cell[t][i];

			if (cell->time_us > m->last_us && cell->time_us <= raw->seed->today_us)
				m->last_us = cell->time_us;
		}
	m->ended = !raw->row[bulk_table_index("application")][0]
			    [column_of(raw, bulk_table_index("application"), "deadline_at")];
}

void bulk_model_load(MYSQL *mysql, struct seed *seed, const struct bulk_schema *schema,
		     int64_t application, struct bulk_model *model)
{
	struct raw raw = { .schema = schema, .seed = seed, .model = model };
	char sql[64];

	memset(model, 0, sizeof(*model));
	snprintf(sql, sizeof(sql), "SET @id = %" PRId64, application);
	bulk_query(mysql, sql);
	for (size_t t = 0; t < bulk_table_count; t++)
		read_table(mysql, &raw, (int)t);
	find_people(&raw);
	compile_all(&raw);
	find_times(&raw);
	for (size_t t = 0; t < bulk_table_count; t++) {
		mysql_free_result(raw.result[t]);
		free(raw.row[t]);
		free(raw.len[t]);
	}
}
