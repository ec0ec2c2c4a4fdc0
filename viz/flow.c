#include "viz/flow.h"

#include "viz/box.h"
#include "viz/wire.h"

static const char *const heads[GMQ_N_COLUMNS] = {
    [GMQ_COLUMN_PRODUCERS] = "PRODUCERS",
    [GMQ_COLUMN_EXCHANGES] = "EXCHANGES",
    [GMQ_COLUMN_QUEUES]    = "QUEUES",
    [GMQ_COLUMN_CONSUMERS] = "CONSUMERS",
};

void
gmq_flow_draw_heads(GmqScreen *screen, const GmqLayout *layout, int y)
{
    for (int i = 0; i < GMQ_N_COLUMNS; i++) {
        const GmqLayoutColumn *column = &layout->columns[i];
        if (column->width > 0)
            gmq_screen_printf(screen, column->x + 1, y, column->width + 6, GMQ_ROLE_STRONG, " %s ",
                              heads[i]);
    }
}

/* Says how many boxes there are beyond those that fit. */
static void
draw_hidden(GmqScreen *screen, const GmqLayout *layout)
{
    int y = layout->area.y + layout->area.height - 1;

    for (int i = 0; i < GMQ_N_COLUMNS; i++) {
        const GmqLayoutColumn *column = &layout->columns[i];
        if (column->hidden > 0)
            gmq_screen_printf(screen, column->x + 1, y, column->width - 1, GMQ_ROLE_DIM, "+%u more",
                              column->hidden);
    }
}

static const struct {
    const char *sign;
    const char *meaning;
    GmqScreenRole role;
} legend[] = {
    {"(7)", "moving", GMQ_ROLE_MOVING},   {"[6]", "stored", GMQ_ROLE_STORED},
    {"R", "redelivered", GMQ_ROLE_AGAIN}, {"x", "cut", GMQ_ROLE_FAULT},
    {"D", "durable", GMQ_ROLE_STRONG},
};

/* The first column that reaches down to the last row: the legend ends before it. */
static int
legend_end(const GmqLayout *layout)
{
    int bottom = layout->area.y + layout->area.height - 1;
    int end    = layout->area.x + layout->area.width;

    for (unsigned i = 0; i < layout->boxes->len; i++) {
        const GmqBox *box = &g_array_index(layout->boxes, GmqBox, i);
        if (box->rect.y + box->rect.height > bottom)
            end = MIN(end, box->rect.x - 1);
    }
    for (int i = 0; i < GMQ_N_COLUMNS; i++) {
        if (layout->columns[i].hidden > 0)
            end = MIN(end, layout->columns[i].x - 1);
    }
    return end;
}

static void
draw_legend(GmqScreen *screen, const GmqLayout *layout)
{
    int y   = layout->area.y + layout->area.height - 1;
    int x   = layout->area.x;
    int end = legend_end(layout);

    for (size_t i = 0; i < G_N_ELEMENTS(legend); i++) {
        int width = (int)(strlen(legend[i].sign) + strlen(legend[i].meaning)) + 1;
        if (x + width > end)
            return;
        x = gmq_screen_put(screen, x, y, legend[i].role, legend[i].sign);
        x = gmq_screen_put(screen, x + 1, y, GMQ_ROLE_DIM, legend[i].meaning) + 2;
    }
}

/* What is there is drawn over the outlines of what is not, where they share an edge. */
static void
draw_boxes(GmqScreen *screen, const GmqStage *stage, const GmqPicture *now, const GmqLayout *layout,
           bool exist)
{
    for (unsigned i = 0; i < layout->boxes->len; i++) {
        const GmqBox *box = &g_array_index(layout->boxes, GmqBox, i);
        if (gmq_box_exists(now, box->place) == exist)
            gmq_box_draw(screen, stage, now, box->place, box->rect, box->is_joined);
    }
}

static void
draw_absent_names(GmqScreen *screen, const GmqStage *stage, const GmqPicture *now,
                  const GmqLayout *layout)
{
    for (unsigned i = 0; i < layout->boxes->len; i++) {
        const GmqBox *box = &g_array_index(layout->boxes, GmqBox, i);
        if (!gmq_box_exists(now, box->place))
            gmq_box_draw_name(screen, gmq_picture_name(stage->whole, box->place), box->rect);
    }
}

void
gmq_flow_draw(GmqScreen *screen, const GmqStage *stage, const GmqPicture *now,
              const GmqLayout *layout)
{
    draw_legend(screen, layout);
    gmq_wire_draw_all(screen, stage, now, layout);
    draw_boxes(screen, stage, now, layout, false);
    draw_boxes(screen, stage, now, layout, true);
    draw_absent_names(screen, stage, now, layout);
    draw_hidden(screen, layout);
}
