/* wechat-template.h: which message templates an installation may use.
 *
 * Templates of the demo have ids that begin with WECHAT_DEMO_TEMPLATE, which no
 * account has. Where the config does not say demo, they are as good as none:
 * not set, not asked for, not sent, so that the notice goes by mail. */
#ifndef SERVICE_WECHAT_TEMPLATE_H
#define SERVICE_WECHAT_TEMPLATE_H

#include "base/config.h"

#define WECHAT_DEMO_TEMPLATE "demo-"

bool wechat_template_usable(const struct config *, const char *template_id);

#endif
