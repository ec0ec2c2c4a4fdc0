/* sites.h - which sites of the core fire in a run, and which bug is planted (core/base/site.h).
 *
 * Only the build for tests has any (GMQ_SITES); in all others there is nothing to attach. Whether a
 * site is armed in a run, and at which visits it fires, comes from a stream of its own, so that a
 * run with sites is one that repeats, too. */
#pragma once

#include "sim/world.h"

G_BEGIN_DECLS

#ifdef GMQ_SITES

typedef struct GmqSites GmqSites;

typedef enum {
    GMQ_SITES_NONE, /* what the program does */
    GMQ_SITES_SOME, /* each is armed in a quarter of all runs */
    GMQ_SITES_ALL,
} GmqSitesArmed;

/* A site or a bug, in the order of site.def. */
typedef struct {
    const char *name;
    const char *caught_by; /* the check that must find a bug; NULL for a site */
    const char *what;
} GmqSiteInfo;

const GmqSiteInfo *gmq_site_infos(unsigned *n);

/* For all worlds that are made from now on: which sites are armed, and which bug is planted in the
 * broker; NULL: none. False when there is no bug of that name. */
bool gmq_sites_plan(GmqSitesArmed armed, const char *bug);

/* Called by the world for its host; the sites live as long as its streams. */
void gmq_sites_attach(GmqWorld *world);
void gmq_sites_detach(GmqWorld *world);

#else

static inline void
gmq_sites_attach(GmqWorld *world)
{
    (void)world;
}

static inline void
gmq_sites_detach(GmqWorld *world)
{
    (void)world;
}

#endif

G_END_DECLS
