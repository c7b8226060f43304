/* grammar.h: an XML file held against a RELAX NG grammar, with errors that say
 * what to write. */
#ifndef PROJECT_GRAMMAR_H
#define PROJECT_GRAMMAR_H

#include <libxml/tree.h>

#include "project/project.h"

/* Parses the text and checks it by the grammar in the file at `grammar`, whose
 * a:documentation says what each element takes. NULL when something is wrong;
 * then `why` has the errors. A document type is refused. The caller frees it. */
xmlDocPtr grammar_parse(const struct buffer *text, const struct project_file *, const char *grammar,
			struct buffer *why) MUST_USE;

#endif
