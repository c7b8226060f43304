/* seed.c: makes applications: one in a given state for a test, or many for a demo.
 *
 *     seed PICTURES --state STATE [--project CODE] [--via STATE] [--openid O]
 *                   [--count N] [--random N]
 *         N applications of that state, begun a while ago. Says of each, one
 *         value a line, name and value parted by a tab, an empty line behind it:
 *         id, public_id, openid, applicant, state, company.name …
 *     seed PICTURES --mix N [--random N]
 *         N applications over all states and projects, weeks old.
 *     seed PICTURES --copy ID,ID... --count N [--random N] [--damage PLACES]
 *         N copies of these, each as often as another; each with a fault on purpose
 *         at one of the places TABLE.COLUMN, with commas between, in turns. Says the
 *         id of the first; the others follow it.
 *     seed PICTURES --look <IDS
 *         Opens all that is sealed of these, one id a line.
 */
#include "seed.h"

#include <getopt.h>
#include <inttypes.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/log.h"

#define FRESH_US (40 * 60 * SEED_US) /* since a test's application began */

struct options {
	struct seed_order order;
	int64_t count, mix;
	uint64_t random;
	char *copy; /* ids */
	char *damage; /* places */
	bool look;
};

static void say(const char *name, const char *text)
{
	printf("%s\t%s\n", name, text);
}

static void say_person(const char *who, const struct seed_person *p)
{
	printf("%s.name\t%s\n%s.id_number\t%s\n%s.mobile\t%s\n", who, p->name, who, p->id_number,
	       who, p->mobile);
	if (*p->landline)
		printf("%s.landline\t%s\n", who, p->landline);
}

static void say_case(const struct seed_case *c)
{
	printf("id\t%" PRId64 "\napplicant\t%" PRId64 "\n", c->id, c->applicant);
	say("public_id", c->public_id);
	say("openid", c->openid);
	say("state", c->state);
	say("company.name", c->company.name);
	say("company.uscc", c->company.uscc);
	say("company.region", c->company.region);
	say("address.address_street", c->company.street);
	say("address.address_recipient", c->recipient.name);
	say("address.address_mobile", c->recipient.mobile);
	say("order.invoice_title", c->company.name);
	say("order.invoice_tax_number", c->company.uscc);
	say("order.invoice_email", c->company.email);
	say_person("legal_rep", &c->legal_rep);
	say_person("agent", &c->agent);
	putchar('\n');
}

static int make_some(struct seed *seed, const struct options *o)
{
	struct seed_case c;

	for (int64_t i = 0; i < o->count; i++) {
		if (!seed_walk(seed, &o->order, &c)) {
			fprintf(stderr, "seed: %s has no way to %s: stopped in %s\n",
				o->order.project, o->order.state, c.state);
			return 1;
		}
		say_case(&c);
	}
	return 0;
}

static int copy_some(struct seed *seed, const struct options *o)
{
	struct seed_model *model = NULL;
	size_t models = 0;
	char *list = o->copy, *places = o->damage, *id;

	while ((id = strsep(&list, ","))) {
		model = xrealloc(model, (models + 1) * sizeof(*model));
		model[models++] = (struct seed_model){ strtoll(id, NULL, 10), 1 };
	}
	while (seed->damages < SEED_DAMAGES_MAX && (id = strsep(&places, ",")))
		seed->damage[seed->damages++] = id;
	printf("%" PRId64 "\n", seed_bulk(seed, model, models, o->count));
	free(model);
	return 0;
}

static int usage(void)
{
	fputs("usage: seed PICTURES --state STATE [--project CODE] [--via STATE] [--openid O]"
	      " [--count N] [--random N]\n       seed PICTURES --mix N [--random N]\n"
	      "       seed PICTURES --copy ID,ID... --count N [--damage PLACES]\n"
	      "       seed PICTURES --look\n",
	      stderr);
	return 2;
}

static bool read_options(int argc, char **argv, struct options *o)
{
	static const struct option known[] = {
		{ "state", 1, NULL, 's' },  { "project", 1, NULL, 'p' }, { "via", 1, NULL, 'v' },
		{ "openid", 1, NULL, 'o' }, { "count", 1, NULL, 'c' },   { "random", 1, NULL, 'r' },
		{ "mix", 1, NULL, 'm' },    { "copy", 1, NULL, 'y' },    { "damage", 1, NULL, 'd' },
		{ "look", 0, NULL, 'l' },   { NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (c) {
		case 's':
			o->order.state = optarg;
			break;
		case 'p':
			o->order.project = optarg;
			break;
		case 'v':
			o->order.via = optarg;
			break;
		case 'o':
			o->order.openid = optarg;
			break;
		case 'c':
			o->count = strtoll(optarg, NULL, 10);
			break;
		case 'r':
			o->random = strtoull(optarg, NULL, 10);
			break;
		case 'm':
			o->mix = strtoll(optarg, NULL, 10);
			break;
		case 'y':
			o->copy = optarg;
			break;
		case 'd':
			o->damage = optarg;
			break;
		case 'l':
			o->look = true;
			break;
		default:
			return false;
		}
	}
	return optind == argc - 1 &&
	       (o->look || o->mix > 0 || ((o->order.state || o->copy) && o->count > 0));
}

static int run(struct seed *seed, const struct options *o)
{
	if (o->look)
		return seed_look(seed);
	if (o->copy)
		return copy_some(seed, o);
	return o->mix > 0 ? seed_mix(seed, o->mix) : make_some(seed, o);
}

int main(int argc, char **argv)
{
	struct options o = { .order = { .project = "gzgjj",
					.age_us = FRESH_US,
					.region = "360702",
					.method = "recorded" },
			     .count = 1 };
	struct seed seed;
	int status;

	log_identify("t/seed/seed", "-");
	random_bytes(&o.random, sizeof(o.random));
	if (!read_options(argc, argv, &o))
		return usage();
	seed_open(&seed, argv[optind], o.random);
	status = run(&seed, &o);
	seed_close(&seed);
	return status;
}
