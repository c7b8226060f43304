/* allows.c: what the transition table lets a role do. */
#include "flow/flow.h"

#include "db/row.h"

bool flow_allows(struct db *db, int flow_version, const char *state, enum flow_role role,
		 const char *event)
{
	return db_exists(db,
			 "SELECT 1 FROM flow_transition WHERE flow_version = ? AND from_state = ?"
			 " AND event = ? AND role = ? LIMIT 1",
			 DB_ARGS(db_int(flow_version), db_text(state), db_text(event),
				 db_text(flow_role_names[role])));
}
