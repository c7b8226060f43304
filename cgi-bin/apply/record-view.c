/* record-view.c: a step of a recording in large words. */
#include "record-view.h"

void record_view_cue(struct markup *m, const struct identity_step *step,
		     const struct identity_challenge *c)
{
	char ord[12], left[12];

	snprintf(ord, sizeof(ord), "%d", step->ord);
	snprintf(left, sizeof(left), "%d", c->left_s);
	markup_open(m, "div", "class", "yj-record__cue", "data-step", ord, "data-left", left, NULL);
	markup_open(m, "p", "class", "yj-record__count", NULL);
	markup_printf(m, "第 %d 步，共 %d 步", step->ord + 1, IDENTITY_STEPS);
	markup_close(m, "p");
	markup_element(m, "p", identity_action_words(step->action), "class", "yj-record__words",
		       NULL);
	if (step->ord == IDENTITY_STEPS - 1)
		markup_element(m, "p", c->digits, "class", "yj-record__digits", NULL);
	markup_close(m, "div");
}
