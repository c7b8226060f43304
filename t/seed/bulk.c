/* bulk.c: copies of walked applications, loaded a chunk at a time.
 *
 * The triggers that refuse what no page could write stand in the way of rows
 * that are written in their last state. Those for INSERT let the sessions pass
 * that know a word drawn for this run; pages and jobs, which go on meanwhile, are
 * guarded as ever. Afterwards they are put back word for word, also when a
 * worker dies. The copies are the rows of applications that came through them. */
#include "bulk.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/die.h"

#define CHUNK 500 /* applications of one transaction */
#define WORKERS_MAX 2
#define TRIGGERS_MAX 64

struct trigger {
	char *sql, *open, *mode; /* as it was; with the way past it */
};

struct bulk {
	struct seed *seed;
	struct bulk_schema schema;
	struct bulk_model *model;
	size_t models;
	int weights;
	int64_t count;
	uint64_t random;
	char word[PUBLIC_ID_SIZE];
	struct trigger trigger[TRIGGERS_MAX];
	size_t triggers;
};

MYSQL *bulk_connect(const struct config *config)
{
	MYSQL *mysql = mysql_init(NULL);
	unsigned on = 1;

	if (!mysql)
		die("mysql_init failed");
	mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	mysql_options(mysql, MYSQL_OPT_LOCAL_INFILE, &on);
	if (!mysql_real_connect(mysql, NULL, config_text(config, "db_user_owner"),
				config_text(config, "db_password_owner"),
				config_text(config, "db_name"), 0, config_text(config, "db_socket"),
				0))
		die("database: %s", mysql_error(mysql));
	bulk_query(mysql, "SET time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES',"
			  " unique_checks = 0, foreign_key_checks = 0, autocommit = 0");
	return mysql;
}

/* -- triggers -- */

#define FOR_EACH "FOR EACH ROW"

/* CREATE OR REPLACE leaves no moment without. */
static void remember(MYSQL *mysql, struct bulk *b, const char *name)
{
	char *sql = xprintf("SHOW CREATE TRIGGER `%s`", name);
	MYSQL_RES *r = bulk_query(mysql, sql);
	MYSQL_ROW row = mysql_fetch_row(r);
	const char *body = row && row[2] ? strstr(row[2], FOR_EACH) : NULL;
	struct trigger *t = &b->trigger[b->triggers++];

	if (b->triggers > TRIGGERS_MAX || !body || strncmp(row[2], "CREATE ", 7) != 0)
		die("trigger %s cannot be read", name);
	body += strlen(FOR_EACH);
	t->mode = xprintf("SET sql_mode = '%s'", row[1]);
	t->sql = xprintf("CREATE OR REPLACE %s", row[2] + 7);
	t->open = xprintf("CREATE OR REPLACE %.*s IF NOT COALESCE(@seed_word, '') = '%s' THEN %s;"
			  " END IF",
			  (int)(body - row[2] - 7), row[2] + 7, b->word, body);
	mysql_free_result(r);
	free(sql);
}

static void open_triggers(MYSQL *mysql, struct bulk *b)
{
	MYSQL_RES *r = bulk_query(
		mysql, "SELECT trigger_name, event_object_table"
		       " FROM information_schema.triggers WHERE trigger_schema = DATABASE()"
		       " AND event_manipulation = 'INSERT'");
	MYSQL_ROW row;

	random_public_id(b->word);
	while ((row = mysql_fetch_row(r)))
		if (bulk_table_index(row[1]) >= 0)
			remember(mysql, b, row[0]);
	mysql_free_result(r);
	for (size_t i = 0; i < b->triggers; i++) {
		bulk_query(mysql, b->trigger[i].mode);
		bulk_query(mysql, b->trigger[i].open);
	}
}

static void close_triggers(MYSQL *mysql, const struct bulk *b)
{
	for (size_t i = 0; i < b->triggers; i++) {
		bulk_query(mysql, b->trigger[i].mode);
		bulk_query(mysql, b->trigger[i].sql);
	}
}

static void say_word(MYSQL *mysql, const struct bulk *b)
{
	char *sql = xprintf("SET @seed_word = '%s'", b->word);

	bulk_query(mysql, sql);
	free(sql);
}

/* -- LOAD DATA from memory -- */

struct source {
	const struct buffer *data;
	size_t at;
};

static int source_open(void **handle, const char *name UNUSED, void *source)
{
	*handle = source;
	return 0;
}

static int source_read(void *handle, char *out, unsigned n)
{
	struct source *s = handle;
	size_t left = s->data->len - s->at;

	n = n < left ? n : (unsigned)left;
	memcpy(out, s->data->data + s->at, n);
	s->at += n;
	return (int)n;
}

static void source_close(void *handle UNUSED)
{
}

static int source_error(void *handle UNUSED, char *out, unsigned n)
{
	snprintf(out, n, "no error");
	return 0;
}

/* A row that is left out, as LOCAL does silently, is a fault of ours. */
static void load(MYSQL *mysql, const struct bulk_table *t, const char *name, int64_t rows,
		 const struct buffer *data)
{
	struct source source = { data, 0 };
	struct buffer sql = BUFFER_INIT;

	buffer_printf(&sql,
		      "LOAD DATA LOCAL INFILE 'memory' INTO TABLE `%s` CHARACTER SET binary (",
		      name);
	for (int i = 0; i < t->columns; i++)
		buffer_printf(&sql, "%s`%s`", i ? ", " : "", t->column[i].name);
	buffer_putc(&sql, ')');
	mysql_set_local_infile_handler(mysql, source_open, source_read, source_close, source_error,
				       &source);
	bulk_query(mysql, buffer_text(&sql));
	if ((int64_t)mysql_affected_rows(mysql) != rows || mysql_warning_count(mysql))
		die("table %s took %" PRId64 " of %" PRId64 " rows, with %u warnings", name,
		    (int64_t)mysql_affected_rows(mysql), rows, mysql_warning_count(mysql));
	buffer_release(&sql);
}

/* -- chunks -- */

static const struct bulk_model *draw(const struct bulk *b, struct seed_random *random)
{
	int at = (int)seed_below(random, (unsigned)b->weights);

	for (size_t i = 0; i < b->models; i++) {
		at -= b->model[i].weight;
		if (at < 0)
			return &b->model[i];
	}
	die("no model");
}

/* Which models a chunk has hangs on its number alone, so that every worker knows
 * how many rows the chunks before its own have. */
static struct seed_random chunk_random(const struct bulk *b, int64_t chunk)
{
	struct seed_random random = { b->random + (uint64_t)chunk * 0x632be59bd9b4e019 };

	seed_draw(&random);
	return random;
}

static int chunk_size(const struct bulk *b, int64_t chunk)
{
	int64_t left = b->count - chunk * CHUNK;

	return (int)(left < CHUNK ? left : CHUNK);
}

static void skip(const struct bulk *b, int64_t chunk, int64_t id[BULK_TABLES_MAX])
{
	struct seed_random random = chunk_random(b, chunk);

	for (int i = 0; i < chunk_size(b, chunk); i++) {
		const struct bulk_model *m = draw(b, &random);

		for (size_t t = 0; t < bulk_table_count; t++)
			id[t] += m->rows[t];
	}
}

static void make_chunk(struct bulk *b, MYSQL *mysql, int64_t chunk, int64_t id[BULK_TABLES_MAX],
		       struct buffer out[BULK_TABLES_MAX])
{
	struct seed_random random = chunk_random(b, chunk);
	int64_t first[BULK_TABLES_MAX];

	memcpy(first, id, sizeof(first));
	for (size_t t = 0; t < bulk_table_count; t++)
		buffer_reset(&out[t]);
	for (int i = 0; i < chunk_size(b, chunk); i++)
		bulk_copy(b->seed, &b->schema, draw(b, &random), id, out);
	for (size_t t = 0; t < bulk_table_count; t++)
		if (id[t] > first[t])
			load(mysql, &b->schema.table[t], bulk_tables[t].name, id[t] - first[t],
			     &out[t]);
	bulk_query(mysql, "COMMIT");
}

/* What jobs and pages add to the tables meanwhile gets ids behind all copies: the
 * server goes on from the greatest id it has seen, which is in the middle of them. */
static void reserve_ids(MYSQL *mysql, const struct bulk *b)
{
	int64_t id[BULK_TABLES_MAX] = { 0 };

	for (int64_t chunk = 0; chunk * CHUNK < b->count; chunk++)
		skip(b, chunk, id);
	for (size_t t = 0; t < bulk_table_count; t++) {
		const struct bulk_table *table = &b->schema.table[t];
		char *sql = xprintf("ALTER TABLE `%s` AUTO_INCREMENT = %" PRId64,
				    bulk_tables[t].name, table->next_id + id[t]);

		if (table->numbered)
			bulk_query(mysql, sql);
		free(sql);
	}
}

/* Every WORKERS_MAX-th chunk, from `me` on. */
static void work(struct bulk *b, int me)
{
	MYSQL *mysql = bulk_connect(b->seed->config);
	int64_t id[BULK_TABLES_MAX];
	static struct buffer out[BULK_TABLES_MAX];

	say_word(mysql, b);
	random_bytes(&b->seed->random.state, sizeof(b->seed->random.state));
	for (size_t t = 0; t < bulk_table_count; t++)
		id[t] = b->schema.table[t].next_id;
	for (int64_t chunk = 0; chunk * CHUNK < b->count; chunk++) {
		if (chunk % WORKERS_MAX != me) {
			skip(b, chunk, id);
			continue;
		}
		make_chunk(b, mysql, chunk, id, out);
		if (chunk % 100 < WORKERS_MAX)
			fprintf(stderr, "seed: %" PRId64 " of %" PRId64 "\n",
				chunk * CHUNK + chunk_size(b, chunk), b->count);
	}
	mysql_close(mysql);
}

/* True when all workers came to their end. */
static bool run_workers(struct bulk *b)
{
	bool good = true;
	int status;

	for (int me = 0; me < WORKERS_MAX; me++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork: %s", strerror(errno));
		if (!pid) {
			signal(SIGINT, SIG_DFL);
			signal(SIGTERM, SIG_DFL);
			work(b, me);
			_exit(0);
		}
	}
	while (wait(&status) > 0 || errno == EINTR)
		good &= WIFEXITED(status) && !WEXITSTATUS(status);
	return good;
}

int64_t seed_bulk(struct seed *seed, const struct seed_model *model, size_t models, int64_t count)
{
	struct bulk *b = xcalloc(1, sizeof(*b));
	MYSQL *mysql = bulk_connect(seed->config);
	int64_t first;
	bool good;

	b->seed = seed;
	b->count = count;
	b->random = seed_draw(&seed->random);
	b->model = xcalloc(models, sizeof(*b->model));
	b->models = models;
	bulk_schema_load(mysql, &b->schema);
	first = b->schema.table[bulk_table_index("application")].next_id;
	for (size_t i = 0; i < models; i++) {
		bulk_model_load(mysql, seed, &b->schema, model[i].application, &b->model[i]);
		b->weights += b->model[i].weight = model[i].weight;
	}
	bulk_query(mysql, "COMMIT");
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	reserve_ids(mysql, b);
	open_triggers(mysql, b);
	good = run_workers(b);
	close_triggers(mysql, b);
	mysql_close(mysql);
	if (!good)
		die("not all applications were copied");
	free(b->model);
	free(b);
	return first;
}
