#include "sim/language.h"
#include "viz/box-lines.h"

#include <string.h>

#include "viz/box.h"

/* What the members of a group have together. */
typedef struct {
    unsigned n; /* that are there */
    uint64_t ready, unacked, acked;
    uint64_t sent, held, done;
    unsigned in_trouble;
} Sum;

static void
add_queue(Sum *sum, const GmqPictureQueue *queue)
{
    sum->n += !queue->is_deleted;
    sum->ready += gmq_picture_ready(queue);
    sum->unacked += queue->unacked.length;
    sum->acked += queue->acked;
}

static void
add_client(Sum *sum, const GmqPictureClient *client)
{
    sum->n++;
    sum->sent += client->sent;
    sum->held += client->held.length;
    sum->done += client->finished;
    sum->in_trouble += gmq_picture_trouble(client) != NULL;
}

static Sum
add_up(const GmqPicture *now, const GmqPlaceGroup *group)
{
    Sum sum = {0};

    for (unsigned i = 0; i < group->members->len; i++) {
        GmqPlace place = {group->kind, g_array_index(group->members, unsigned, i)};
        if (!gmq_box_exists(now, place))
            break;
        if (place.kind == GMQ_PLACE_QUEUE)
            add_queue(&sum, gmq_picture_queue(now, place.index));
        else
            add_client(&sum, gmq_picture_client(now, place.index));
    }
    return sum;
}

static void
put_line(const GmqPen *pen, int line, GmqScreenRole role, const char *text)
{
    if (line < pen->inside.height)
        gmq_screen_put_in(pen->screen, pen->inside.x, pen->inside.y + line, pen->inside.width, role,
                          text);
}

static void
draw_queues(const GmqPen *pen, const Sum *sum)
{
    g_autofree char *size    = g_strdup_printf(_("%u queues"), sum->n);
    g_autofree char *ready   = g_strdup_printf(_("ready %ju"), sum->ready);
    g_autofree char *all     = g_strdup_printf("%s  %s", size, ready);
    g_autofree char *unacked = g_strdup_printf(_("unacked %ju"), sum->unacked);
    g_autofree char *acked   = g_strdup_printf(_("acked %ju"), sum->acked);
    bool is_wide             = gmq_text_width(pen->screen->glyphs, all) <= pen->inside.width;

    put_line(pen, 0, GMQ_ROLE_NORMAL, is_wide ? all : pen->inside.height > 1 ? size : ready);
    put_line(pen, 1, GMQ_ROLE_NORMAL, is_wide ? unacked : ready);
    put_line(pen, 2, GMQ_ROLE_NORMAL, is_wide ? acked : unacked);
}

static void
draw_clients(const GmqPen *pen, const GmqPlaceGroup *group, const Sum *sum)
{
    GmqPlace first           = {group->kind, g_array_index(group->members, unsigned, 0)};
    bool consumes            = gmq_picture_client(pen->stage->whole, first.index)->consumes;
    g_autofree char *size    = g_strdup_printf(_("%u clients"), sum->n);
    g_autofree char *work    = NULL;
    g_autofree char *trouble = g_strdup_printf(_("%u in trouble"), sum->in_trouble);

    if (consumes)
        work = g_strdup_printf(_("done %ju  at work %ju"), sum->done, sum->held);
    else
        work = g_strdup_printf(_("sent %ju"), sum->sent);
    put_line(pen, 0, GMQ_ROLE_NORMAL, size);
    put_line(pen, 1, GMQ_ROLE_NORMAL, work);
    if (sum->in_trouble > 0)
        put_line(pen, MIN(2, pen->inside.height - 1), GMQ_ROLE_FAULT, trouble);
}

void
gmq_box_draw_group(const GmqPen *pen, const GmqPlaceGroup *group)
{
    Sum sum = add_up(pen->now, group);

    if (group->kind == GMQ_PLACE_QUEUE)
        draw_queues(pen, &sum);
    else
        draw_clients(pen, group, &sum);
}
