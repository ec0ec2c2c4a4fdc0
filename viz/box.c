#include "viz/box.h"

#include "viz/box-lines.h"
#include "viz/glyphs.h"

/* ---- titles ---- */

const char *
gmq_box_state(const GmqPicture *now, unsigned client)
{
    const GmqPictureClient *one = gmq_picture_client(now, client);

    if (one->state == GMQ_CLIENT_CRASHED)
        return "CRASHED";
    if (one->is_cut)
        return "CUT";
    if (one->state == GMQ_CLIENT_WAITING)
        return "absent";
    if (one->state == GMQ_CLIENT_STARTED)
        return "opening";
    if (one->state == GMQ_CLIENT_CLOSED)
        return "closed";
    if (!gmq_picture_client(now, client)->consumes)
        return "";
    return one->held.length > 0 ? "working" : "idle";
}

static char *
named_title(const char *name, unsigned flags, bool is_deleted)
{
    return g_strconcat(name, flags & GMQ_FLAG_DURABLE ? " D" : "", is_deleted ? " DELETED" : "",
                       NULL);
}

char *
gmq_box_title(const GmqPicture *now, GmqPlace place)
{
    const char *name = gmq_picture_name(now, place);

    if (place.kind == GMQ_PLACE_CLIENT) {
        const char *state = gmq_box_state(now, place.index);
        return g_strconcat(name, *state == '\0' ? "" : " ", state, NULL);
    }
    if (place.kind == GMQ_PLACE_EXCHANGE) {
        const GmqPictureExchange *exchange = gmq_picture_exchange(now, place.index);
        unsigned flags                     = exchange->is_predeclared ? 0 : exchange->flags;
        return named_title(name, flags, exchange->is_deleted);
    }
    const GmqPictureQueue *queue = gmq_picture_queue(now, place.index);
    return named_title(name, queue->flags, queue->is_deleted);
}

static GmqScreenRole
title_role(const GmqPicture *now, GmqPlace place)
{
    if (place.kind == GMQ_PLACE_CLIENT) {
        const GmqPictureClient *client = gmq_picture_client(now, place.index);
        if (client->is_cut || client->state == GMQ_CLIENT_CRASHED)
            return GMQ_ROLE_FAULT;
    }
    if (now->hop.place.kind == place.kind && now->hop.place.index == place.index)
        return GMQ_ROLE_HOT;
    return GMQ_ROLE_STRONG;
}

/* ---- the whole ---- */

GmqBoxWish
gmq_box_wish(const GmqStage *stage, GmqPlace place, GmqGlyphs glyphs)
{
    int name  = gmq_text_width(glyphs, gmq_picture_name(stage->whole, place));
    int lines = gmq_box_count_lines(stage, place);

    if (place.kind == GMQ_PLACE_EXCHANGE)
        return (GmqBoxWish){lines, 2, MAX(name + 6, 14), CLAMP(name + 4, 10, 14)};
    if (place.kind == GMQ_PLACE_QUEUE)
        return (GmqBoxWish){lines, 2, MAX(name + 8, 24), 16};
    if (gmq_picture_client(stage->whole, place.index)->consumes)
        return (GmqBoxWish){lines, 1, MAX(name + 13, 17), 15};
    return (GmqBoxWish){lines, 1, MAX(name + 6, 13), 9};
}

bool
gmq_box_exists(const GmqPicture *now, GmqPlace place)
{
    switch (place.kind) {
    case GMQ_PLACE_CLIENT:
        return place.index < now->clients->len;
    case GMQ_PLACE_EXCHANGE:
        return place.index < now->exchanges->len && gmq_picture_shows_exchange(now, place.index);
    case GMQ_PLACE_QUEUE:
        return place.index < now->queues->len;
    default:
        return false;
    }
}

/* The title stands in the upper edge; in a narrow box without the dash before and behind it. */
static void
draw_title(GmqScreen *screen, const GmqPicture *now, GmqPlace place, GmqRect rect)
{
    g_autofree char *title = gmq_box_title(now, place);
    int edge               = gmq_text_width(screen->glyphs, title) + 6 <= rect.width ? 3 : 2;

    gmq_screen_put(screen, rect.x + edge - 1, rect.y, GMQ_ROLE_DIM, " ");
    int end = gmq_screen_put_in(screen, rect.x + edge, rect.y, rect.width - 2 * edge,
                                title_role(now, place), title);
    gmq_screen_put(screen, end, rect.y, GMQ_ROLE_DIM, " ");
}

void
gmq_box_draw(GmqScreen *screen, const GmqStage *stage, const GmqPicture *now, GmqPlace place,
             GmqRect rect, bool is_joined)
{
    GmqRect inside = {rect.x + 1, rect.y + 1, rect.width - 2, rect.height - 2};
    GmqPen pen     = {screen, stage, now, inside};

    gmq_frame_draw(screen, rect, is_joined, GMQ_ROLE_DIM);
    draw_title(screen, now, place, rect);
    if (inside.height > 0 && inside.width > 0)
        gmq_box_draw_lines(&pen, place);
}
