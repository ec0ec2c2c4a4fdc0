#include "viz/reel.h"

/* How many events are folded in a step back at the beginning. */
#define INTERVAL 512

struct GmqReel {
    const GmqTrace *trace;
    GPtrArray *kept;   /* of GmqPicture, at interval, 2 * interval ... */
    uint64_t interval; /* events between two of them */
};

static void
free_picture(void *picture)
{
    gmq_picture_free(picture);
}

GmqReel *
gmq_reel_new(const GmqTrace *trace)
{
    GmqReel *reel = g_new0(GmqReel, 1);

    reel->trace    = trace;
    reel->kept     = g_ptr_array_new_with_free_func(free_picture);
    reel->interval = INTERVAL;
    return reel;
}

void
gmq_reel_free(GmqReel *reel)
{
    g_ptr_array_free(reel->kept, TRUE);
    g_free(reel);
}

/* Keeps every second picture. */
static void
thin_out(GmqReel *reel)
{
    for (unsigned i = 0; i < reel->kept->len; i++)
        g_ptr_array_remove_index(reel->kept, i);
    reel->interval *= 2;
}

/* Keeps the picture when it is the next one to be kept. */
static void
keep(GmqReel *reel, const GmqPicture *picture)
{
    if (picture->event != reel->interval * (reel->kept->len + 1))
        return;
    g_ptr_array_add(reel->kept, gmq_picture_copy(picture));
    if (reel->kept->len == GMQ_REEL_MOST)
        thin_out(reel);
}

/* A copy of the last picture that was kept up to that event. */
static GmqPicture *
find_before(const GmqReel *reel, uint64_t event)
{
    uint64_t index = MIN(event / reel->interval, reel->kept->len);

    if (index == 0)
        return gmq_picture_new(reel->trace);
    return gmq_picture_copy(reel->kept->pdata[index - 1]);
}

GmqPicture *
gmq_reel_wind(GmqReel *reel, GmqPicture *now, uint64_t event)
{
    if (event < now->event) {
        gmq_picture_free(now);
        now = find_before(reel, event);
    }
    while (now->event < event && gmq_picture_step(now))
        keep(reel, now);
    return now;
}
