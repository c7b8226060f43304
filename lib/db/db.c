/* db.c: the connection, statements without rows, transactions. */
#include "db/internal.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <time.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/digest.h"
#include "base/log.h"

#define CONNECT_TIMEOUT_S 1
#define ANSWER_TIMEOUT_S 10
#define TRIES 5
#define FIRST_PAUSE_MS 50

/* What a session that writes needs, sent before its first statement without
 * rows: reading ones ask for nothing here, and most pages only read. The
 * comments choose the name that MariaDB (M!) and MySQL know. */
static const char session_setup[] =
	"SET time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,"
	"ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout = 2, "
	"/*M!100000 tx_isolation*/ /*!50700 transaction_isolation*/ = 'READ-COMMITTED'";

/* A migration waits for the one that another machine runs, and for pages. */
static const char owner_setup[] = "SET innodb_lock_wait_timeout = 600";

/* Read by startup.c, which the linker calls in place of a library's functions
 * and which therefore cannot be passed anything. */
bool db_startup_tls;

static const struct {
	const char *user_key, *password_key;
} part_keys[DB_PART_COUNT] = {
	[DB_APPLY] = { "db_user_apply", "db_password_apply" },
	[DB_CLERK] = { "db_user_clerk", "db_password_clerk" },
	[DB_ADMIN] = { "db_user_admin", "db_password_admin" },
	[DB_PUSH] = { "db_user_push", "db_password_push" },
	[DB_CRON] = { "db_user_cron", "db_password_cron" },
	[DB_OWNER] = { "db_user_owner", "db_password_owner" },
};

/* The database is away or too busy; the same request may work later. */
static bool is_unavailable(unsigned code)
{
	switch (code) {
	case CR_CONNECTION_ERROR:
	case CR_CONN_HOST_ERROR:
	case CR_UNKNOWN_HOST:
	case CR_SERVER_GONE_ERROR:
	case CR_SERVER_HANDSHAKE_ERR:
	case CR_SERVER_LOST:
	case CR_SERVER_LOST_EXTENDED:
#ifdef MARIADB_BASE_VERSION
	case CR_ERR_NET_READ:
	case CR_ERR_NET_WRITE:
#endif
	case ER_CON_COUNT_ERROR:
	case ER_UNKNOWN_COM_ERROR: /* 1047: a Galera node outside its cluster */
	case ER_SERVER_SHUTDOWN:
	case ER_HOST_IS_BLOCKED:
	case ER_TOO_MANY_USER_CONNECTIONS:
	case ER_USER_LIMIT_REACHED:
	case ER_LOCK_DEADLOCK:
	case ER_LOCK_WAIT_TIMEOUT:
	case ER_OPTION_PREVENTS_STATEMENT: /* read-only while a node is swapped */
	case 1927: /* ER_CONNECTION_KILLED, MariaDB */
		return true;
	default:
		return false;
	}
}

/* Not the server's word but the client library's: 2000 to 2999, and 5000 to
 * 5999 in MariaDB's. */
static bool is_client_error(unsigned code)
{
	return code / 1000 == 2 || code / 1000 == 5;
}

/* Whether the words about an error may be logged: only those about names and
 * syntax; others quote values. */
static bool may_quote(unsigned code, const char *sqlstate)
{
	return is_client_error(code) || !strncmp(sqlstate, "42", 2) ||
	       !strncmp(sqlstate, "28", 2) || !strncmp(sqlstate, "08", 2);
}

void db_fail(struct db *db, const char *sql, unsigned code, const char *sqlstate,
	     const char *message)
{
	bool again = code == ER_LOCK_DEADLOCK || code == ER_LOCK_WAIT_TIMEOUT;

	if (db->in_transaction && (again || !strcmp(sqlstate, "45000"))) {
		db->trouble = again ? TROUBLE_AGAIN : TROUBLE_REFUSED;
		if (!again)
			snprintf(db->refusal, sizeof(db->refusal), "%s", message);
		return;
	}
	if (!may_quote(code, sqlstate) && strcmp(sqlstate, "45000"))
		message = "";
	if (is_unavailable(code))
		die_unavailable("database: %u %s in \"%.80s\"", code, message, sql);
	die("database: %u %s %s in \"%.200s\"", code, sqlstate, message, sql);
}

static void set_options(struct db *db, const struct config *config, enum db_part part)
{
	unsigned connect_s = CONNECT_TIMEOUT_S, answer_s = ANSWER_TIMEOUT_S, off = 0;

	mysql_options(db->mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	mysql_options(db->mysql, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
	mysql_options(db->mysql, MYSQL_OPT_LOCAL_INFILE, &off);
	if (part != DB_OWNER) { /* a migration may rebuild a table for minutes */
		mysql_options(db->mysql, MYSQL_OPT_READ_TIMEOUT, &answer_s);
		mysql_options(db->mysql, MYSQL_OPT_WRITE_TIMEOUT, &answer_s);
	}
	if (config_flag(config, "db_tls")) {
#ifdef MARIADB_BASE_VERSION
		my_bool on = 1;

		mysql_options(db->mysql, MYSQL_OPT_SSL_ENFORCE, &on);
		mysql_options(db->mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &on);
#else
		unsigned mode = SSL_MODE_VERIFY_IDENTITY;

		mysql_options(db->mysql, MYSQL_OPT_SSL_MODE, &mode);
#endif
	}
}

/* NULL for "", which the client library takes as "not given". */
static const char *given(const char *text)
{
	return *text ? text : NULL;
}

/* Connects; false when that failed, with the reason in db->mysql. */
static bool connect_as(struct db *db, const struct config *config, enum db_part part,
		       const char *name)
{
	const char *socket = given(config_text(config, "db_socket"));

	db->is_owner = part == DB_OWNER;
	db_startup_tls = config_flag(config, "db_tls");
	if (db_startup_tls && !db_speaks_tls)
		die("db_tls = yes, but built without --enable-db-tls");
	db->mysql = mysql_init(NULL);
	if (!db->mysql)
		die("mysql_init failed");
	set_options(db, config, part);
	return mysql_real_connect(db->mysql, socket ? NULL : given(config_text(config, "db_host")),
				  config_text(config, part_keys[part].user_key),
				  config_text(config, part_keys[part].password_key), name,
				  socket ? 0 : (unsigned)config_int(config, "db_port"), socket,
				  CLIENT_MULTI_RESULTS) != NULL;
}

struct db *db_open(const struct config *config, enum db_part part)
{
	struct db *db = xcalloc(1, sizeof(*db));

	if (!connect_as(db, config, part, config_text(config, "db_name")))
		db_fail(db, "connect", mysql_errno(db->mysql), mysql_sqlstate(db->mysql),
			mysql_error(db->mysql));
	return db;
}

struct db *db_try_open(const struct config *config, enum db_part part, struct buffer *why)
{
	struct db *db = xcalloc(1, sizeof(*db));

	if (connect_as(db, config, part, NULL))
		return db;
	buffer_puts(why, mysql_error(db->mysql));
	db_close(db);
	return NULL;
}

const char *db_user(const struct config *config, enum db_part part)
{
	return config_text(config, part_keys[part].user_key);
}

void db_close(struct db *db)
{
	if (!db)
		return;
	mysql_close(db->mysql);
	free(db);
}

/* Drains the rows of a text statement; its error code. */
static unsigned drain(MYSQL *mysql)
{
	for (;;) {
		MYSQL_RES *rows = mysql_store_result(mysql);

		mysql_free_result(rows);
		int more = mysql_next_result(mysql);
		if (more)
			return more > 0 ? mysql_errno(mysql) : 0;
	}
}

static unsigned run_text(struct db *db, const char *sql, long *changed)
{
	if (mysql_real_query(db->mysql, sql, strlen(sql)))
		return mysql_errno(db->mysql);
	*changed = (long)mysql_affected_rows(db->mysql);
	db->inserted_id = (int64_t)mysql_insert_id(db->mysql);
	return drain(db->mysql);
}

static long exec_text(struct db *db, const char *sql)
{
	long changed = 0;
	unsigned code = run_text(db, sql, &changed);

	if (!code)
		return changed;
	if (code == ER_DUP_ENTRY)
		return DB_DUPLICATE;
	db_fail(db, sql, code, mysql_sqlstate(db->mysql), mysql_error(db->mysql));
	return 0;
}

static void set_up_for_writing(struct db *db)
{
	if (db->writes)
		return;
	db->writes = true;
	exec_text(db, session_setup);
	if (db->is_owner)
		exec_text(db, owner_setup);
}

unsigned db_try(struct db *db, const char *sql, struct buffer *why)
{
	long changed;
	unsigned code;

	set_up_for_writing(db);
	code = run_text(db, sql, &changed);
	if (code)
		buffer_puts(why, mysql_error(db->mysql));
	if (is_client_error(code))
		db_fail(db, sql, code, mysql_sqlstate(db->mysql), mysql_error(db->mysql));
	return code;
}

long db_exec(struct db *db, const char *sql, struct db_args args)
{
	if (db->trouble)
		return 0;
	set_up_for_writing(db);
	if (!args.count)
		return exec_text(db, sql);
	return db_statement(db, sql, args, NULL);
}

int64_t db_inserted_id(struct db *db)
{
	return db->trouble ? 0 : db->inserted_id;
}

static void pause_before(int try)
{
	uint16_t jitter;
	long ms = FIRST_PAUSE_MS << (try - 1);

	random_bytes(&jitter, sizeof(jitter));
	ms += jitter % FIRST_PAUSE_MS;
	nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000 }, NULL);
}

/* Ends the transaction; true when it was committed. */
static bool finish(struct db *db, bool commit)
{
	if (commit && !db->trouble)
		exec_text(db, "COMMIT");
	if (commit && !db->trouble)
		return true;
	enum db_trouble trouble = db->trouble;

	db->trouble = TROUBLE_NONE;
	exec_text(db, "ROLLBACK");
	db->trouble = trouble;
	return false;
}

enum db_outcome db_transaction(struct db *db, bool (*work)(struct db *, void *), void *context)
{
	if (db->in_transaction)
		die("db_transaction within db_transaction");
	set_up_for_writing(db);
	for (int try = 1;; try++) {
		db->in_transaction = true;
		db->trouble = TROUBLE_NONE;
		db->refusal[0] = '\0';
		exec_text(db, "START TRANSACTION");
		bool done = finish(db, work(db, context));
		enum db_trouble trouble = db->trouble;

		db->in_transaction = false;
		db->trouble = TROUBLE_NONE;
		if (done)
			return DB_DONE;
		if (trouble == TROUBLE_REFUSED)
			return DB_REFUSED;
		if (trouble == TROUBLE_NONE)
			return DB_UNDONE;
		if (try == TRIES)
			die_unavailable("database: %d deadlocks or lock timeouts in a row", try);
		log_line(LOG_INFO, "db.again", "try=%d", try);
		pause_before(try);
	}
}

const char *db_refusal(const struct db *db)
{
	return db->refusal;
}
