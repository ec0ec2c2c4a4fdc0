#include <stdio.h>

#include "viz/box.h"
#include "viz/layout-part.h"

#define GUTTER_LEAST 8  /* "-(p1-7)>" */
#define GUTTER_KEYED 12 /* as far as binding keys may widen it at any price */
#define GUTTER_WIDE 22  /* above, wires only get longer */
#define GUTTER_FLOOR 6  /* "-(7)->" */

/* Below these a box says nothing any more: then the whole gets wider than the screen. */
static const int floors[GMQ_N_COLUMNS] = {
    [GMQ_COLUMN_PRODUCERS] = 8,
    [GMQ_COLUMN_EXCHANGES] = 9,
    [GMQ_COLUMN_QUEUES]    = 13,
    [GMQ_COLUMN_CONSUMERS] = 11,
};

typedef struct {
    int floor;
    int least;
    int wish;
    int given;
} Share;

/* Columns and the gutters behind them, in turn. */
typedef struct {
    Share items[GMQ_LAYOUT_COLUMNS_MOST * 2];
    int n;
} Shares;

static bool
take_from_widest(Shares *shares)
{
    Share *widest = NULL;

    for (int i = 0; i < shares->n; i++) {
        Share *one = &shares->items[i];
        if (one->given > one->floor && (widest == NULL || one->given > widest->given))
            widest = one;
    }
    if (widest == NULL)
        return false;
    widest->given--;
    return true;
}

/* Gives everybody the least, then one column each in turn to those that still wish for more.
 * Returns what is left; less than 0 when the floors need more than there is. */
static int
share_out(Shares *shares, int total)
{
    bool is_giving = true;

    for (int i = 0; i < shares->n; i++) {
        shares->items[i].given = shares->items[i].least;
        total -= shares->items[i].least;
    }
    while (total < 0 && take_from_widest(shares))
        total++;
    while (is_giving && total > 0) {
        is_giving = false;
        for (int i = 0; i < shares->n && total > 0; i++) {
            if (shares->items[i].given >= shares->items[i].wish)
                continue;
            shares->items[i].given++;
            total--;
            is_giving = true;
        }
    }
    return total;
}

static Share
column_share(const GmqStage *stage, const GArray *boxes, GmqColumnKind kind, GmqGlyphs glyphs)
{
    Share share = {floors[kind], floors[kind], 0, 0};

    for (unsigned i = 0; i < boxes->len; i++) {
        GmqBoxWish wish = gmq_box_wish(stage, &g_array_index(boxes, GmqBox, i), glyphs);
        share.least     = MAX(share.least, wish.width_least);
        share.wish      = MAX(share.wish, wish.width);
    }
    share.wish = MAX(share.wish, share.least);
    return share;
}

static bool
has_edge(const GmqStage *stage, GmqEdgeKind kind)
{
    for (unsigned i = 0; i < stage->whole->edges->len; i++) {
        if (gmq_picture_edge(stage->whole, i)->kind == kind)
            return true;
    }
    return false;
}

#define REJECTED 16 /* "rejected 2" and the bend of its line */
#define NO_ROUTE 10 /* "no route 2" on the way to an alternate exchange */

/* "(customer-12)": the longest name of a message, as it is shown on a line. */
static int
token_width(const GmqStage *stage, GmqGlyphs glyphs)
{
    int most = 0;

    for (unsigned i = 0; i < stage->whole->clients->len; i++) {
        const GmqPictureClient *client = gmq_picture_client(stage->whole, i);
        if (client->sent == 0)
            continue;
        int digits = snprintf(NULL, 0, "%" G_GUINT64_FORMAT, client->sent);
        int name   = stage->sender == NULL ? gmq_text_width(glyphs, client->name) + 1 : 0;
        most       = MAX(most, name + digits + 2);
    }
    return most;
}

/* A gutter wishes for room for its longest binding keys, or for a message. */
static Share
gutter_share(const GmqStage *stage, GmqColumnKind kind, GmqGlyphs glyphs)
{
    int token   = token_width(stage, glyphs);
    Share share = {GUTTER_FLOOR, GUTTER_LEAST, MAX(GUTTER_LEAST + 3, token + 4), 0};

    for (unsigned i = 0; kind == GMQ_COLUMN_EXCHANGES && i < stage->whole->edges->len; i++) {
        const GmqPictureEdge *edge = gmq_picture_edge(stage->whole, i);
        for (unsigned k = 0; edge->kind == GMQ_EDGE_BINDING && k < edge->keys->len; k++) {
            const char *key = g_array_index(edge->keys, GmqPictureKey, k).key;
            int width       = gmq_text_width(glyphs, key) + (edge->keys->len > 1 ? 3 : 0);
            share.least     = MAX(share.least, width + 3);
            share.wish      = MAX(share.wish, width + 6);
        }
    }
    share.least = MIN(share.least, GUTTER_KEYED);
    if (kind == GMQ_COLUMN_EXCHANGES && has_edge(stage, GMQ_EDGE_DEAD))
        share.wish = MAX(share.wish, REJECTED);
    if (kind == GMQ_COLUMN_EXCHANGES && has_edge(stage, GMQ_EDGE_ALTERNATE))
        share.least = MAX(share.least, NO_ROUTE + 4);
    share.wish = MAX(MIN(share.wish, GUTTER_WIDE), share.least);
    return share;
}

static Shares
make_shares(const GmqCast *cast, const GmqStage *stage, GmqGlyphs glyphs)
{
    Shares shares = {.n = cast->n * 2 - 1};
    int last      = cast->n - 1;

    while (last > 0 && cast->columns[last]->len == 0)
        last--;
    for (int i = 0; i < cast->n; i++) {
        if (cast->columns[i]->len == 0)
            continue;
        shares.items[i * 2] = column_share(stage, cast->columns[i], cast->kinds[i], glyphs);
        if (i < last)
            shares.items[i * 2 + 1] = gutter_share(stage, cast->kinds[i], glyphs);
    }
    return shares;
}

static int
sum_floors(const Shares *shares)
{
    int sum = 0;

    for (int i = 0; i < shares->n; i++)
        sum += shares->items[i].floor;
    return sum;
}

/* Half way between what is needed and what is just bearable: below this, a column of exchanges less
 * reads better. */
static int
sum_tight(const Shares *shares)
{
    int sum = 0;

    for (int i = 0; i < shares->n; i++)
        sum += (shares->items[i].floor + shares->items[i].least) / 2;
    return sum;
}

void
gmq_layout_set_columns(GmqLayout *layout, GmqCast *cast, const GmqStage *stage, GmqGlyphs glyphs)
{
    Shares shares = make_shares(cast, stage, glyphs);
    int x         = layout->area.x;

    while (sum_tight(&shares) > layout->area.width && gmq_cast_merge(cast, stage))
        shares = make_shares(cast, stage, glyphs);

    layout->n_columns = cast->n;
    layout->width     = MAX(layout->area.width, sum_floors(&shares));
    layout->scroll_x  = MIN(layout->scroll_x, layout->width - layout->area.width);
    x += share_out(&shares, layout->width) / 2 - layout->scroll_x;
    for (int i = 0; i < cast->n; i++) {
        const Share *share = &shares.items[i * 2];
        layout->columns[i] = (GmqLayoutColumn){cast->kinds[i], x, share->given, 0, 0};
        x += share->given;
        if (i + 1 < cast->n)
            x += shares.items[i * 2 + 1].given;
    }
}
