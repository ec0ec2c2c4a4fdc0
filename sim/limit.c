#include "sim/limit.h"

#include "sim/language.h"
#include "sim/world-private.h"

/* What is counted, in the order of the limits of a world. */
static uint64_t
count_of(const GmqWorld *world, unsigned which)
{
    switch (which) {
    case 0:
        return gmq_trace_length(world->trace) + gmq_trace_wire_length(world->trace);
    case 1:
        return gmq_world_pops(world);
    default:
        return world->body_bytes;
    }
}

static const struct {
    const char *what;
    const char *advice;
} limits[GMQ_N_RUN_LIMITS] = {
    {N_("lines in its trace"), N_("let it end earlier, or send fewer messages")},
    {N_("steps"), N_("let it end earlier, or let less happen at a time")},
    {N_("bytes of messages"), N_("send fewer messages, or shorter ones")},
};

bool
gmq_world_is_too_long(const GmqWorld *world)
{
    bool is_too_long = false;

    for (unsigned i = 0; i < GMQ_N_RUN_LIMITS; i++)
        is_too_long |= count_of(world, i) > world->limits[i];
    return is_too_long;
}

char *
gmq_world_limit_text(const GmqWorld *world)
{
    for (unsigned i = 0; world->is_cut_short && i < GMQ_N_RUN_LIMITS; i++) {
        if (count_of(world, i) > world->limits[i])
            return g_strdup_printf(_("The run was ended at %ju %s, since it may have no more: %s."),
                                   world->limits[i], _(limits[i].what), _(limits[i].advice));
    }
    return NULL;
}
