#include "sim/sites.h"

#include "core/base/site.h"
#include "sim/world-private.h"

/* An armed site fires at one of so many visits; it is armed in one of so many runs. */
#define ONE_OF 4

struct GmqSites {
    GmqSite bug;                /* GMQ_N_SITES: none is planted */
    bool is_armed[GMQ_N_SITES]; /* of sites alone */
    GmqRandom streams[GMQ_N_SITES];
    void (*wake_at)(GmqHost *host, int64_t time_ns); /* the world's own */
};

static const GmqSiteInfo infos[GMQ_N_SITES] = {
#define SITE(NAME, name, what) [GMQ_SITE_##NAME] = {name, NULL, what},
#define BUG(NAME, name, caught_by, what) [GMQ_BUG_##NAME] = {name, #caught_by, what},
#include "core/base/site.def"
#undef SITE
#undef BUG
};

/* For the worlds to come. One program tests one plan at a time. */
static GmqSitesArmed plan_armed;
static GmqSite plan_bug = GMQ_N_SITES;

const GmqSiteInfo *
gmq_site_infos(unsigned *n)
{
    *n = GMQ_N_SITES;
    return infos;
}

bool
gmq_sites_plan(GmqSitesArmed armed, const char *bug)
{
    plan_armed = armed;
    plan_bug   = GMQ_N_SITES;
    for (unsigned i = 0; i < GMQ_N_SITES && bug != NULL; i++) {
        if (infos[i].caught_by != NULL && strcmp(infos[i].name, bug) == 0)
            plan_bug = (GmqSite)i;
    }
    return bug == NULL || plan_bug != GMQ_N_SITES;
}

static bool
fires(GmqHost *host, unsigned site)
{
    GmqSites *sites = ((GmqWorld *)(void *)host)->sites;

    if (infos[site].caught_by != NULL)
        return site == sites->bug;
    return sites->is_armed[site] && gmq_random_chance(&sites->streams[site], 1, ONE_OF);
}

/* A host may wake the core late, as every real one does. */
static void
wake_late(GmqHost *host, int64_t time_ns)
{
    GmqWorld *world = (GmqWorld *)(void *)host;
    GmqSites *sites = world->sites;

    if (time_ns != INT64_MAX && GMQ_SITE(host, WAKE_LATE))
        time_ns = MAX(time_ns, gmq_world_now(world)) +
                  (int64_t)gmq_random_below(&sites->streams[GMQ_SITE_WAKE_LATE], 2000000);
    sites->wake_at(host, time_ns);
}

static bool
draw_armed(GmqRandom *stream)
{
    bool is_armed = gmq_random_chance(stream, 1, ONE_OF);
    return plan_armed == GMQ_SITES_ALL || (plan_armed == GMQ_SITES_SOME && is_armed);
}

void
gmq_sites_attach(GmqWorld *world)
{
    GmqSites *sites = g_new0(GmqSites, 1);

    for (unsigned i = 0; i < GMQ_N_SITES; i++) {
        g_autofree char *name = g_strconcat("site/", infos[i].name, NULL);

        if (infos[i].caught_by != NULL)
            continue;
        gmq_streams_open(world->streams, &sites->streams[i], name);
        sites->is_armed[i] = draw_armed(&sites->streams[i]);
    }
    sites->bug          = plan_bug;
    sites->wake_at      = world->host.wake_at;
    world->sites        = sites;
    world->host.site    = fires;
    world->host.wake_at = wake_late;
}

void
gmq_sites_detach(GmqWorld *world)
{
    world->host.site = NULL;
    g_clear_pointer(&world->sites, g_free);
}
