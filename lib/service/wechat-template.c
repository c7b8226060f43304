/* wechat-template.c: which message templates an installation may use. */
#include "service/wechat-template.h"

bool wechat_template_usable(const struct config *config, const char *template_id)
{
	return config_flag(config, "demo") ||
	       strncmp(template_id, WECHAT_DEMO_TEMPLATE, strlen(WECHAT_DEMO_TEMPLATE)) != 0;
}
