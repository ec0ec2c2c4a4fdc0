#include "viz/box.h"

#include <string.h>

#include "sim/language.h"
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
        return _("absent");
    if (one->state == GMQ_CLIENT_STARTED)
        return _("opening");
    if (one->state == GMQ_CLIENT_CLOSED)
        return _("closed");
    if (!gmq_picture_client(now, client)->consumes)
        return "";
    if (one->held.length > 0)
        return _("working");
    return one->asked.length > 0 ? _("waiting") : _("idle");
}

static const char *
flags_word(unsigned flags, bool is_deleted)
{
    if (is_deleted)
        return _("DELETED");
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

/* ---- how much space ---- */

static GmqBoxWish
group_wish(const GmqStage *stage, const GmqBox *box, GmqGlyphs glyphs)
{
    const GmqPlaceGroup *group = gmq_places_group(gmq_stage_places(stage), (unsigned)box->group);
    int name                   = gmq_text_width(glyphs, group->name);

    return (GmqBoxWish){GMQ_GROUP_LINES, 1, MAX(name + 10, 24), 16};
}

GmqBoxWish
gmq_box_wish(const GmqStage *stage, const GmqBox *box, GmqGlyphs glyphs)
{
    if (box->group >= 0)
        return group_wish(stage, box, glyphs);

    int name  = gmq_text_width(glyphs, gmq_picture_name(stage->whole, box->place));
    int lines = gmq_box_count_lines(stage, box->place);
    if (box->place.kind == GMQ_PLACE_EXCHANGE)
        return (GmqBoxWish){lines, 2, MAX(name + 6, 14), CLAMP(name + 4, 12, 14)};
    if (box->place.kind == GMQ_PLACE_QUEUE)
        return (GmqBoxWish){lines, 2, MAX(name + 8, 24), 16};
    if (gmq_picture_client(stage->whole, box->place.index)->consumes)
        return (GmqBoxWish){lines, 1, MAX(name + 13, 17), CLAMP(name + 12, 15, 17)};
    return (GmqBoxWish){lines, 1, MAX(name + 6, 13), CLAMP(name + 4, 9, 12)};
}

/* ---- the whole ---- */

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

bool
gmq_box_is_there(const GmqView *view, const GmqBox *box)
{
    if (box->group < 0)
        return gmq_box_exists(view->now, box->place);

    const GmqPlaceGroup *group =
        gmq_places_group(gmq_stage_places(view->stage), (unsigned)box->group);
    GmqPlace first = {group->kind, g_array_index(group->members, unsigned, 0)};
    return gmq_box_exists(view->now, first); /* members stand in order of creation */
}

static int
title_width(const GmqPicture *now, GmqPlace place, GmqGlyphs glyphs)
{
    int state = gmq_text_width(glyphs, state_of(now, place));

    return gmq_text_width(glyphs, gmq_picture_name(now, place)) + (state > 0 ? state + 1 : 0);
}

int
gmq_box_draw_title(GmqScreen *screen, const GmqPicture *now, GmqPlace place, int x, int y,
                   int width)
{
    const char *name   = gmq_picture_name(now, place);
    const char *state  = state_of(now, place);
    GmqScreenRole role = title_role(now, place);
    int reserve        = *state == '\0' ? 0 : gmq_text_width(screen->glyphs, state) + 1;
    int end            = x + width;
    int name_least     = MIN(gmq_text_width(screen->glyphs, name), role == GMQ_ROLE_FAULT ? 1 : 3);
    bool is_tight      = width < reserve + name_least;

    x = gmq_screen_put_name(screen, x, y, is_tight ? width : width - reserve, role, name);
    if (is_tight || reserve == 0)
        return x;
    x = gmq_screen_put(screen, x, y, role, " ");
    return gmq_screen_put_in(screen, x, y, end - x, role, state);
}

/* The title stands in the upper edge; in a narrow box without the dash, or even the space, before
 * and behind it. Returns the column behind. */
static int
draw_title(GmqScreen *screen, const GmqPicture *now, GmqPlace place, GmqRect rect, int room)
{
    int spare = rect.width - room - title_width(now, place, screen->glyphs);
    int edge  = spare >= 6 ? 3 : spare >= 4 ? 2 : 1;

    if (edge > 1)
        gmq_screen_put(screen, rect.x + edge - 1, rect.y, GMQ_ROLE_DIM, " ");
    int end =
        gmq_box_draw_title(screen, now, place, rect.x + edge, rect.y, rect.width - 2 * edge - room);
    return edge > 1 || room > 0 ? gmq_screen_put(screen, end, rect.y, GMQ_ROLE_DIM, " ") : end;
}

/* The name of an entity that is not there yet, or of a group. */
static int
draw_name(GmqScreen *screen, const char *name, GmqRect rect, GmqScreenRole role)
{
    int edge = gmq_text_width(screen->glyphs, name) + 6 <= rect.width ? 3 : 2;

    gmq_screen_put(screen, rect.x + edge - 1, rect.y, GMQ_ROLE_DIM, " ");
    int end = gmq_screen_put_name(screen, rect.x + edge, rect.y, rect.width - 2 * edge, role, name);
    return gmq_screen_put(screen, end, rect.y, GMQ_ROLE_DIM, " ");
}

void
gmq_box_draw_name(GmqScreen *screen, const GmqView *view, const GmqBox *box)
{
    const char *name = gmq_picture_name(view->stage->whole, box->place);

    if (box->group >= 0)
        name = gmq_places_group(gmq_stage_places(view->stage), (unsigned)box->group)->name;
    draw_name(screen, name, box->rect, GMQ_ROLE_DIM);
}

static bool
is_deleted(const GmqPicture *now, GmqPlace place)
{
    if (place.kind == GMQ_PLACE_EXCHANGE)
        return gmq_picture_exchange(now, place.index)->is_deleted;
    return place.kind == GMQ_PLACE_QUEUE && gmq_picture_queue(now, place.index)->is_deleted;
}

/* Exchanges and queues are the broker's: they stand still with it. */
static GmqScreenRole
frame_role(const GmqPicture *now, GmqPlace place)
{
    bool is_broker = place.kind != GMQ_PLACE_CLIENT;

    return is_broker && (now->is_broker_frozen || now->is_broker_down) ? GMQ_ROLE_FAULT
                                                                       : GMQ_ROLE_DIM;
}

static bool
is_selected(const GmqView *view, const GmqBox *box)
{
    return view->selected.kind == box->place.kind && view->selected.index == box->place.index;
}

/* A box that is a title alone shows behind it what counts most. */
#define BRIEF_WIDTH 4

static void
draw_one(GmqScreen *screen, const GmqView *view, const GmqBox *box)
{
    GmqRect rect   = box->rect;
    GmqRect inside = {rect.x + 1, rect.y + 1, rect.width - 2, rect.height - 2};
    GmqPen pen     = {screen, view->stage, view->now, inside};

    if (inside.height > 0) {
        draw_title(screen, view->now, box->place, rect, 0);
        gmq_box_draw_lines(&pen, box->place);
        return;
    }
    int x = draw_title(screen, view->now, box->place, rect, BRIEF_WIDTH);
    gmq_box_draw_brief(&pen, box->place, x, rect.y, rect.x + rect.width - 1 - x);
}

static void
draw_group(GmqScreen *screen, const GmqView *view, const GmqBox *box)
{
    const GmqPlaceGroup *group =
        gmq_places_group(gmq_stage_places(view->stage), (unsigned)box->group);
    GmqRect inside = {box->rect.x + 1, box->rect.y + 1, box->rect.width - 2, box->rect.height - 2};
    GmqPen pen     = {screen, view->stage, view->now, inside};

    draw_name(screen, group->name, box->rect, GMQ_ROLE_STRONG);
    gmq_box_draw_group(&pen, group);
}

void
gmq_box_draw(GmqScreen *screen, const GmqView *view, const GmqBox *box)
{
    bool is_there = gmq_box_is_there(view, box);
    bool is_gone  = is_there && box->group < 0 && is_deleted(view->now, box->place);
    unsigned style =
        (box->is_joined ? GMQ_FRAME_JOINED : 0) | (!is_there || is_gone ? GMQ_FRAME_DOTTED : 0);

    if (box->rect.width < 4)
        return;
    gmq_frame_draw(screen, box->rect, style, frame_role(view->now, box->place));
    if (is_selected(view, box))
        gmq_screen_put(screen, box->rect.x, box->rect.y, GMQ_ROLE_HOT,
                       gmq_sign(screen->glyphs, GMQ_SIGN_HERE));
    if (is_there && box->group >= 0)
        draw_group(screen, view, box);
    else if (is_there)
        draw_one(screen, view, box);
}
