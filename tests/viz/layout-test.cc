#include "viz/layout.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/viz/laid.h"

namespace {

bool
overlap(const GmqBox &one, const GmqBox &other)
{
    int shared = other.is_joined || one.is_joined ? 1 : 0; /* an edge */

    return one.rect.x < other.rect.x + other.rect.width &&
           other.rect.x < one.rect.x + one.rect.width &&
           one.rect.y < other.rect.y + other.rect.height - shared &&
           other.rect.y < one.rect.y + one.rect.height - shared;
}

void
expect_no_overlap(const GmqLayout *layout, const std::string &what)
{
    for (unsigned i = 0; i < layout->boxes->len; i++) {
        const GmqBox &one = g_array_index(layout->boxes, GmqBox, i);
        EXPECT_GE(one.rect.y, layout->area.y) << what;
        EXPECT_LE(one.rect.y + one.rect.height, layout->area.y + layout->area.height) << what;
        EXPECT_GE(one.rect.width, 8) << what;
        for (unsigned k = i + 1; k < layout->boxes->len; k++)
            EXPECT_FALSE(overlap(one, g_array_index(layout->boxes, GmqBox, k)))
                << what << ": boxes " << i << " and " << k;
    }
}

/* Every cell of every line, wires and routes. */
template <typename Visit>
void
visit_lines(const GmqLayout *layout, Visit visit)
{
    auto piece = [&](int x0, int y0, int x1, int y1) {
        for (int y = std::min(y0, y1); y <= std::max(y0, y1); y++) {
            for (int x = std::min(x0, x1); x <= std::max(x0, x1); x++)
                visit(x, y);
        }
    };
    for (unsigned i = 0; i < layout->wires->len; i++) {
        const GmqWire &wire = g_array_index(layout->wires, GmqWire, i);
        int lane            = wire.lane < 0 ? wire.x0 : wire.lane;
        piece(wire.hub_left ? lane : wire.x0, wire.row, wire.hub_left ? wire.x1 : lane, wire.row);
        piece(lane, wire.row, lane, wire.lane < 0 ? wire.row : wire.hub_row);
    }
    for (unsigned i = 0; i < layout->routes->len; i++) {
        const GArray *points = g_array_index(layout->routes, GmqRoute, i).points;
        for (unsigned k = 1; k < points->len; k++) {
            GmqPoint from = g_array_index(points, GmqPoint, k - 1);
            GmqPoint to   = g_array_index(points, GmqPoint, k);
            EXPECT_TRUE(from.x == to.x || from.y == to.y);
            piece(from.x, from.y, to.x, to.y);
        }
    }
}

void
expect_no_line_through_a_box(const GmqLayout *layout, const std::string &what)
{
    visit_lines(layout, [&](int x, int y) {
        EXPECT_EQ(NULL, gmq_layout_hit(layout, x, y)) << what << " at " << x << "," << y;
    });
}

TEST(Layout, ShowsAllOfTheLargestTownAt80x24)
{
    for (TownSize size : {TownSize{4, 3, 5, 4}, TownSize{1, 1, 5, 4}, TownSize{4, 3, 1, 1}}) {
        Made made;
        tell_town(made, size);
        Laid laid(made, small_area);

        EXPECT_EQ((unsigned)(size.producers + size.exchanges + size.queues + size.consumers),
                  laid->boxes->len);
        EXPECT_EQ(0u, gmq_layout_scroll_most(laid.layout()));
        EXPECT_EQ(79, laid->width);
        expect_no_overlap(laid.layout(), "town");
        expect_no_line_through_a_box(laid.layout(), "town");
        for (GmqGlyphs glyphs : {GMQ_GLYPHS_UTF8, GMQ_GLYPHS_ASCII}) {
            std::string screen = laid.screen(80, 24, glyphs);
            for (int i = 0; i < size.producers; i++)
                EXPECT_NE(std::string::npos, screen.find(" " + town_name("p", i) + " ")) << screen;
            for (int i = 0; i < size.exchanges; i++)
                EXPECT_NE(std::string::npos, screen.find(" " + town_name("x", i) + " ")) << screen;
            for (int i = 0; i < size.queues; i++)
                EXPECT_NE(std::string::npos, screen.find(" " + town_name("q", i) + " ")) << screen;
            for (int i = 0; i < size.consumers; i++)
                EXPECT_NE(std::string::npos, screen.find(" " + town_name("w", i) + " ")) << screen;
        }
    }
}

/* Also with lines that go around the boxes. */
TEST(Layout, ShowsAllOfATownWithDeadLettersAt80x24)
{
    Made made;
    tell_town(made, {4, 3, 5, 4});
    made.note(GMQ_EVENT_DEAD_LETTERED, "q1", "x2", "p1-1", "key.0", "rejected");
    made.note(GMQ_EVENT_DEAD_LETTERED, "q4", "x1", "p1-1", "key.0", "expired");
    made.note(GMQ_EVENT_ALTERNATE_SET, "x1", "x3");
    made.send("w1", "x1", "key.0", "w1-1");
    Laid laid(made, small_area);

    EXPECT_EQ(16u, laid->boxes->len);
    expect_no_overlap(laid.layout(), "town");
    expect_no_line_through_a_box(laid.layout(), "town");
    EXPECT_EQ(4u, laid->routes->len) << laid.screen(80, 24);
}

TEST(Layout, NeverOverlapsNorCrossesABox)
{
    for (unsigned seed = 1; seed <= 40; seed++) {
        Made made;
        tell_random_town(made, seed);
        g_autoptr(GmqStage) stage = gmq_stage_new(made.trace());

        for (GmqRect area : {small_area, medium_area, large_area, GmqRect{0, 0, 60, 8},
                             GmqRect{0, 0, 200, 60}, GmqRect{0, 0, 40, 4}}) {
            g_autoptr(GmqLayout) layout = gmq_layout_new(stage, area, GMQ_GLYPHS_UTF8, NULL);
            std::string what            = "seed " + std::to_string(seed) + " in " +
                               std::to_string(area.width) + "x" + std::to_string(area.height);

            expect_no_overlap(layout, what);
            expect_no_line_through_a_box(layout, what);
        }
    }
}

TEST(Layout, DrawsEveryLineWhereThereIsRoom)
{
    for (unsigned seed = 1; seed <= 25; seed++) {
        Made made;
        tell_random_town(made, seed);
        Laid laid(made, large_area);
        std::set<unsigned> drawn;

        for (unsigned i = 0; i < laid->wires->len; i++) {
            GmqBundle edges = g_array_index(laid->wires, GmqWire, i).edges;
            for (unsigned k = 0; k < edges.n; k++)
                drawn.insert(gmq_layout_edge(laid.layout(), edges, k));
        }
        for (unsigned i = 0; i < laid->routes->len; i++) {
            GmqBundle edges = g_array_index(laid->routes, GmqRoute, i).edges;
            for (unsigned k = 0; k < edges.n; k++)
                drawn.insert(gmq_layout_edge(laid.layout(), edges, k));
        }
        EXPECT_EQ(laid.stage()->whole->edges->len, drawn.size()) << "seed " << seed;
    }
}

TEST(Layout, KeepsTheOrderOfThePlaces)
{
    for (unsigned seed = 1; seed <= 20; seed++) {
        Made made;
        tell_random_town(made, seed);
        Laid laid(made, large_area);
        std::map<int, int> below;

        for (unsigned i = 0; i < laid->boxes->len; i++) {
            const GmqBox &box   = laid.box(i);
            const GmqSpot *spot = gmq_places_find(gmq_stage_places(laid.stage()), box.place);
            int above           = below.count(box.column) > 0 ? below[box.column] : -1;
            EXPECT_GT(spot->y, above) << "seed " << seed;
            below[box.column] = spot->y;
        }
    }
}

TEST(Layout, IsTheSameWheneverItIsMade)
{
    Made made;
    tell_random_town(made, 3);
    EXPECT_EQ(Laid(made, large_area).screen(160, 48), Laid(made, large_area).screen(160, 48));
}

/* ---- more than fits ---- */

TEST(Layout, ScrollsColumnsThatDoNotFit)
{
    Made made;
    tell_town(made, {1, 1, 12, 1});
    Laid top(made, small_area);
    Laid middle(made, small_area, {3, 0, NULL});
    Laid end(made, small_area, {1000, 0, NULL});
    unsigned most = gmq_layout_scroll_most(top.layout());

    EXPECT_GT(most, 0u);
    EXPECT_EQ(most, top->columns[2].below);
    EXPECT_EQ(3u, middle->columns[2].above);
    EXPECT_EQ(most - 3, middle->columns[2].below);
    EXPECT_EQ(most, end->columns[2].above);
    EXPECT_NE(nullptr, top.find("q1"));
    EXPECT_EQ(NULL, middle.find("q1"));
    EXPECT_NE(nullptr, end.find("q12"));
    EXPECT_NE(nullptr, end.find("p1")) << "what fits stays where it is";
    EXPECT_NE(std::string::npos, top.screen(80, 24).find(" more below")) << top.screen(80, 24);
}

TEST(Layout, ScrollsToTheSideWhereItIsTooNarrow)
{
    Made made;
    tell_town(made, {1, 3, 2, 2});
    made.note(GMQ_EVENT_BOUND, "x1", "x2", "", "#", "exchange");
    Laid left(made, {0, 0, 40, 12});
    unsigned most = gmq_layout_scroll_x_most(left.layout());
    Laid right(made, {0, 0, 40, 12}, {0, most + 5, NULL});

    ASSERT_GT(most, 0u);
    EXPECT_EQ((int)most, right->scroll_x);
    EXPECT_EQ(left.find("w1")->rect.x, right.find("w1")->rect.x + (int)most);
    EXPECT_LE(right.find("w1")->rect.x + right.find("w1")->rect.width, 40);
}

TEST(Layout, WritesWordsOverNoOtherWords)
{
    for (unsigned seed = 1; seed <= 25; seed++) {
        Made made;
        tell_random_town(made, seed);
        Laid laid(made, small_area);

        for (unsigned i = 0; i < laid->wires->len; i++) {
            const GmqWire &one = g_array_index(laid->wires, GmqWire, i);
            for (unsigned k = 0; k < i; k++) {
                const GmqWire &other = g_array_index(laid->wires, GmqWire, k);
                bool is_same_place =
                    one.row == other.row && one.x0 == other.x0 && one.x1 == other.x1 &&
                    (one.lane < 0 || other.lane < 0 || one.hub_left == other.hub_left);
                EXPECT_TRUE(!is_same_place || one.is_mute || other.is_mute) << "seed " << seed;
            }
        }
    }
}

} // namespace
