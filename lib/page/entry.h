/* entry.h: the project somebody came for.
 *
 * Shared by the pages around the wizard: entry, log-in, lists, status. */
#ifndef PAGE_ENTRY_H
#define PAGE_ENTRY_H

#include "page/page.h"
#include "project/list.h"

/* The project named by the field or query value `project`, else by the cookie
 * of an earlier visit. When it cannot be entered (none, unknown, closed) the
 * page says so and the answer is false. */
bool entry_project(struct page *, struct project *);
/* Shapes of what names a project and a place where its poster hangs. */
bool entry_is_code(const char *text);
bool entry_is_source(const char *text);
/* Counts who comes for the first time from the place in the query's `source`;
 * places are known beforehand (admin/poster), others are not counted. Before
 * entry_remember(). */
void entry_count(struct page *, const struct project *);
/* Writes the cookie that makes later visits know the project. */
void entry_remember(struct page *, const struct project *);
/* 303 to /NAME?project=CODE. */
void entry_go(struct page *, const char *name, const char *project_code);
/* Whether the page runs inside WeChat. */
bool entry_in_wechat(const struct page *);

#endif
