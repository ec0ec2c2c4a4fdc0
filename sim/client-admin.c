/* An admin: a client that is connected, and does what the timeline tells it. */
#include "sim/world-private.h"

static void *
make(GmqSimClient *client)
{
    return client;
}

static void
do_nothing(void *role)
{
    (void)role;
}

static bool
is_busy(const void *role)
{
    (void)role;
    return false;
}

const GmqRoleClass gmq_admin_class = {
    .make    = make,
    .free    = do_nothing,
    .ready   = do_nothing,
    .lost    = do_nothing,
    .died    = do_nothing,
    .is_busy = is_busy,
};
