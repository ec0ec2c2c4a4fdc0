#include "sim/remote-source.h"

#include "sim/remote.h"
#include "sim/world-private.h"

void
gmq_remote_watch(GmqWorld *world, GmqRemoteSource *source)
{
    g_ptr_array_add(gmq_remote_sources(world->remote), source);
}

void
gmq_remote_forget(GmqWorld *world, GmqRemoteSource *source)
{
    gmq_schedule_forget(world->schedule, &source->ticket);
    if (world->remote != NULL)
        g_ptr_array_remove(gmq_remote_sources(world->remote), source);
    source->fd = -1;
}

static void
on_source(void *data)
{
    GmqRemoteSource *source = data;

    source->ticket = 0;
    source->action(source->data);
}

/* One that waits for nothing has its place all the same. */
void
gmq_remote_collect_sources(const GPtrArray *sources, GArray *polled)
{
    for (unsigned i = 0; i < sources->len; i++) {
        const GmqRemoteSource *source = sources->pdata[i];
        bool is_on                    = source->ticket == 0 && source->events != 0;
        struct pollfd each            = {.fd = is_on ? source->fd : -1, .events = source->events};

        g_array_append_val(polled, each);
    }
}

void
gmq_remote_plan_sources(const GPtrArray *sources, GmqWorld *world, const struct pollfd *polled,
                        int64_t now_ns)
{
    for (unsigned i = 0; i < sources->len; i++) {
        GmqRemoteSource *source = sources->pdata[i];

        if (polled[i].fd < 0 || polled[i].revents == 0)
            continue;
        source->ready  = polled[i].revents;
        source->ticket = gmq_schedule_add(world->schedule, now_ns, GMQ_PHASE_NETWORK,
                                          "a file is ready", on_source, source);
    }
}
