#include "viz/box.h"

#include <string.h>

#include "viz/box-lines.h"
#include "viz/glyphs.h"

/* ---- titles ---- */

const char *
gmq_box_state(const GmqPicture *now, unsigned client)
{
    const GmqPictureClient *one = gmq_picture_client(now, client);

    if (gmq_picture_trouble(one) != NULL)
        return gmq_picture_trouble(one);
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

static const char *
flags_word(unsigned flags, bool is_deleted)
{
    if (is_deleted)
        return "DELETED";
    return flags & GMQ_FLAG_DURABLE ? "D" : "";
}

/* What stands behind the name. */
static const char *
state_of(const GmqPicture *now, GmqPlace place)
{
    if (place.kind == GMQ_PLACE_CLIENT)
        return gmq_box_state(now, place.index);
    if (place.kind == GMQ_PLACE_EXCHANGE) {
        const GmqPictureExchange *exchange = gmq_picture_exchange(now, place.index);
        return flags_word(exchange->is_predeclared ? 0 : exchange->flags, exchange->is_deleted);
    }
    const GmqPictureQueue *queue = gmq_picture_queue(now, place.index);
    return flags_word(queue->flags, queue->is_deleted);
}

static GmqScreenRole
title_role(const GmqPicture *now, GmqPlace place)
{
    if (place.kind == GMQ_PLACE_CLIENT) {
        const GmqPictureClient *client = gmq_picture_client(now, place.index);
        if (gmq_picture_trouble(client) != NULL)
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
        return (GmqBoxWish){lines, 2, MAX(name + 6, 14), CLAMP(name + 4, 12, 14)};
    if (place.kind == GMQ_PLACE_QUEUE)
        return (GmqBoxWish){lines, 2, MAX(name + 8, 24), 16};
    if (gmq_picture_client(stage->whole, place.index)->consumes)
        return (GmqBoxWish){lines, 1, MAX(name + 13, 17), CLAMP(name + 12, 15, 17)};
    return (GmqBoxWish){lines, 1, MAX(name + 6, 13), CLAMP(name + 4, 9, 12)};
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

static int
title_width(const GmqPicture *now, GmqPlace place, GmqGlyphs glyphs)
{
    int state = (int)strlen(state_of(now, place));

    return gmq_text_width(glyphs, gmq_picture_name(now, place)) + (state > 0 ? state + 1 : 0);
}

int
gmq_box_draw_title(GmqScreen *screen, const GmqPicture *now, GmqPlace place, int x, int y,
                   int width)
{
    const char *name   = gmq_picture_name(now, place);
    const char *state  = state_of(now, place);
    GmqScreenRole role = title_role(now, place);
    int reserve        = *state == '\0' ? 0 : (int)strlen(state) + 1;
    int end            = x + width;
    int name_least     = MIN(gmq_text_width(screen->glyphs, name), 3);
    bool is_tight      = width < reserve + name_least;

    x = gmq_screen_put_name(screen, x, y, is_tight ? width : width - reserve, role, name);
    if (is_tight || reserve == 0)
        return x;
    x = gmq_screen_put(screen, x, y, role, " ");
    return gmq_screen_put_in(screen, x, y, end - x, role, state);
}

/* The title stands in the upper edge; in a narrow box without the dash before and behind it. */
static void
draw_title(GmqScreen *screen, const GmqPicture *now, GmqPlace place, GmqRect rect)
{
    int edge = title_width(now, place, screen->glyphs) + 6 <= rect.width ? 3 : 2;

    gmq_screen_put(screen, rect.x + edge - 1, rect.y, GMQ_ROLE_DIM, " ");
    int end = gmq_box_draw_title(screen, now, place, rect.x + edge, rect.y, rect.width - 2 * edge);
    gmq_screen_put(screen, end, rect.y, GMQ_ROLE_DIM, " ");
}

void
gmq_box_draw_name(GmqScreen *screen, const char *name, GmqRect rect)
{
    int edge = gmq_text_width(screen->glyphs, name) + 6 <= rect.width ? 3 : 2;

    gmq_screen_put(screen, rect.x + edge - 1, rect.y, GMQ_ROLE_DIM, " ");
    int end = gmq_screen_put_name(screen, rect.x + edge, rect.y, rect.width - 2 * edge,
                                  GMQ_ROLE_DIM, name);
    gmq_screen_put(screen, end, rect.y, GMQ_ROLE_DIM, " ");
}

static bool
is_deleted(const GmqPicture *now, GmqPlace place)
{
    if (place.kind == GMQ_PLACE_EXCHANGE)
        return gmq_picture_exchange(now, place.index)->is_deleted;
    return place.kind == GMQ_PLACE_QUEUE && gmq_picture_queue(now, place.index)->is_deleted;
}

void
gmq_box_draw(GmqScreen *screen, const GmqStage *stage, const GmqPicture *now, GmqPlace place,
             GmqRect rect, bool is_joined)
{
    GmqRect inside = {rect.x + 1, rect.y + 1, rect.width - 2, rect.height - 2};
    GmqPen pen     = {screen, stage, now, inside};

    bool exists    = gmq_box_exists(now, place);
    unsigned style = (is_joined ? GMQ_FRAME_JOINED : 0) |
                     (!exists || is_deleted(now, place) ? GMQ_FRAME_DOTTED : 0);

    gmq_frame_draw(screen, rect, style, GMQ_ROLE_DIM);
    if (!exists)
        return;
    draw_title(screen, now, place, rect);
    if (inside.height > 0 && inside.width > 0)
        gmq_box_draw_lines(&pen, place);
}
