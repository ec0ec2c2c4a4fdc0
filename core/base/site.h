/* site.h - places where a test makes the broker do what it seldom does, or what it must not do.
 *
 *     if (GMQ_SITE(host, FLUSH_LATE))          legal: whoever relies on the opposite is wrong
 *     if (!GMQ_BUG(host, FORGET_REDELIVERED))  a bug, which a check must find
 *
 * Both are the constant false in everything that is shipped, and leave nothing behind there. The
 * tests build the core once more with -DGMQ_SITES: then host->site decides at each visit. */
#pragma once

#include "core/base/host.h"

G_BEGIN_DECLS

#ifdef GMQ_SITES

typedef enum {
#define SITE(NAME, name, what) GMQ_SITE_##NAME,
#define BUG(NAME, name, caught_by, what) GMQ_BUG_##NAME,
#include "core/base/site.def"
#undef SITE
#undef BUG
    GMQ_N_SITES,
} GmqSite;

#define GMQ_SITE(host, NAME) gmq_site((host), GMQ_SITE_##NAME)
#define GMQ_BUG(host, NAME) gmq_site((host), GMQ_BUG_##NAME)

static inline bool
gmq_site(GmqHost *host, GmqSite site)
{
    return host->site != NULL && host->site(host, site);
}

#else

#define GMQ_SITE(host, NAME) false
#define GMQ_BUG(host, NAME) false

#endif

G_END_DECLS
