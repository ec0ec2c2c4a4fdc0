#include "viz/layout.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "sim/run.h"
#include "tests/sim/shipped.h"
#include "tests/viz/town.h"
#include "viz/box.h"
#include "viz/flow.h"
#include "viz/view.h"

namespace {

/* What the flow has at 80x24, 100x30 and 160x48. */
const GmqRect small_area = {1, 2, 79, 10}, medium_area = {1, 2, 99, 13},
              large_area = {2, 2, 102, 23};

class Laid {
  public:
    Laid(const Made &made, GmqRect area, GmqLayoutLook look = {})
        : stage_(gmq_stage_new(made.trace())),
          layout_(gmq_layout_new(stage_, area, GMQ_GLYPHS_UTF8, &look))
    {
    }

    ~Laid()
    {
        gmq_layout_free(layout_);
        gmq_stage_free(stage_);
    }

    Laid(const Laid &)            = delete;
    Laid &operator=(const Laid &) = delete;

    const GmqLayout *
    operator->() const
    {
        return layout_;
    }

    const GmqLayout *
    layout() const
    {
        return layout_;
    }

    const GmqStage *
    stage() const
    {
        return stage_;
    }

    const GmqBox &
    box(unsigned i) const
    {
        return g_array_index(layout_->boxes, GmqBox, i);
    }

    const GmqBox *
    find(const std::string &name) const
    {
        for (int kind = GMQ_PLACE_CLIENT; kind < GMQ_N_PLACE_KINDS; kind++) {
            GmqPlace place = gmq_picture_find(stage_->whole, (GmqPlaceKind)kind, name.c_str());
            if (place.kind != GMQ_PLACE_NONE)
                return gmq_layout_find(layout_, stage_, place);
        }
        return NULL;
    }

    /* The screen of the whole view at the last event. */
    std::string
    screen(int width, int height, GmqGlyphs glyphs = GMQ_GLYPHS_UTF8,
           const char *filter = NULL) const
    {
        GmqView view = {};

        view.stage                  = stage_;
        view.now                    = stage_->whole;
        view.width                  = width;
        view.height                 = height;
        view.glyphs                 = glyphs;
        view.speed                  = "x1";
        view.hop_permille           = -1;
        view.choice                 = -1;
        view.flow_filter            = filter;
        g_autoptr(GmqScreen) screen = gmq_view_draw(&view);
        g_autofree char *text       = gmq_screen_to_text(screen);
        return text;
    }

  private:
    GmqStage *stage_;
    GmqLayout *layout_;
};

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
    for (unsigned seed = 1; seed <= 60; seed++) {
        Made made;
        tell_random_town(made, seed);
        for (GmqRect area : {small_area, medium_area, large_area, GmqRect{0, 0, 60, 8},
                             GmqRect{0, 0, 200, 60}, GmqRect{0, 0, 40, 4}}) {
            Laid laid(made, area);
            std::string what = "seed " + std::to_string(seed) + " in " +
                               std::to_string(area.width) + "x" + std::to_string(area.height);

            expect_no_overlap(laid.layout(), what);
            expect_no_line_through_a_box(laid.layout(), what);
        }
    }
}

TEST(Layout, DrawsNearlyEveryLineWhereThereIsRoom)
{
    for (unsigned seed = 1; seed <= 60; seed++) {
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

/* ---- 200 queues ---- */

void
tell_city(Made &made)
{
    made.exchange("jobs", "topic");
    made.exchange("mails", "topic");
    made.client("boss", "producer");
    made.start("boss");
    for (int i = 0; i < 200; i++) {
        std::string name = (i % 10 == 0 ? "mails." : "tasks.") + std::to_string(i);
        made.queue(name);
        made.bind(i % 10 == 0 ? "mails" : "jobs", name, "#");
        std::string worker = "worker-" + std::to_string(i);
        made.client(worker, "consumer", 1);
        made.start(worker);
        made.consume(worker, name, 1);
    }
    made.send("boss", "jobs", "k", "boss-1");
    made.arrive("boss", "jobs", "k", "boss-1");
    for (int i = 1; i <= 9; i++)
        made.enqueue("jobs", "tasks." + std::to_string(i), "k", "boss-1@" + std::to_string(i), 1);
}

TEST(Layout, CollapsesWhatIsAlike)
{
    Made made;
    tell_city(made);
    Laid laid(made, small_area);
    std::string screen = laid.screen(80, 24);

    EXPECT_LE(laid->boxes->len, 8u);
    EXPECT_EQ(0u, gmq_layout_scroll_most(laid.layout()));
    EXPECT_NE(std::string::npos, screen.find(" tasks.* ")) << screen;
    EXPECT_NE(std::string::npos, screen.find("180 queues")) << screen;
    EXPECT_NE(std::string::npos, screen.find("ready 9")) << screen;
    EXPECT_EQ(laid.find("tasks.1"), laid.find("tasks.199"));
    expect_no_overlap(laid.layout(), "city");
    expect_no_line_through_a_box(laid.layout(), "city");
}

TEST(Layout, ShowsWhatMatchesAndWhatLiesOnItsWay)
{
    Made made;
    tell_city(made);
    Laid laid(made, small_area, {0, 0, "TASKS.17"});
    std::string screen = laid.screen(80, 24, GMQ_GLYPHS_UTF8, "tasks.17");

    EXPECT_NE(nullptr, laid.find("tasks.17"));
    EXPECT_NE(laid.find("tasks.17"), laid.find("tasks.171"));
    EXPECT_NE(nullptr, laid.find("jobs"));
    EXPECT_NE(nullptr, laid.find("boss"));
    EXPECT_EQ(NULL, laid.find("mails"));
    EXPECT_NE(std::string::npos, screen.find(" tasks.17 ")) << screen;
}

TEST(Layout, SaysThatNothingMatches)
{
    Made made;
    tell_city(made);
    Laid laid(made, small_area, {0, 0, "zebra"});

    EXPECT_EQ(0u, laid->boxes->len);
    EXPECT_NE(std::string::npos,
              laid.screen(80, 24, GMQ_GLYPHS_UTF8, "zebra").find("Nothing has \"zebra\""));
}

/* The limit is far above what it takes, for machines that do other things too. */
TEST(Layout, OfACityIsQuick)
{
    Made made;
    tell_city(made);
    Laid laid(made, small_area);
    laid.screen(160, 48); /* asks Graphviz once */
    int64_t start = g_get_monotonic_time();

    for (int i = 0; i < 10; i++)
        laid.screen(160, 48);
    int64_t each_us = (g_get_monotonic_time() - start) / 10;
    RecordProperty("each_us", (int)each_us);
    EXPECT_LT(each_us, 200000);
}

/* ---- what runs on the lines ---- */

/* A message is to be seen by its number on any line that it is on, at every size. */
TEST(Layout, NumbersEveryMessageOnItsWay)
{
    for (unsigned seed = 1; seed <= 30; seed++) {
        Made made;
        tell_random_town(made, seed);
        std::string from = "p1", to = "x1";
        made.send(from, to, "key.0", "p1-77");
        for (auto size : {std::pair(80, 24), std::pair(100, 30), std::pair(160, 48)}) {
            Laid laid(made, small_area);
            std::string screen = laid.screen(size.first, size.second, GMQ_GLYPHS_ASCII);
            bool is_seen       = screen.find("1)+1") != std::string::npos ||
                           screen.find("1+1") != std::string::npos ||
                           screen.find("(p1-77)") != std::string::npos;
            EXPECT_TRUE(is_seen) << "seed " << seed << "\n" << screen;
        }
    }
}

TEST(Layout, SaysWhyMessagesAreDead)
{
    Made made;
    tell_town(made, {1, 2, 2, 1});
    made.note(GMQ_EVENT_DEAD_LETTERED, "q1", "x2", "p1-1", "k", "rejected");
    made.note(GMQ_EVENT_DEAD_LETTERED, "q1", "x2", "p1-2", "k", "rejected");
    made.note(GMQ_EVENT_QUEUE_DECLARED, "q1", "", "", "", "", 1);
    Laid laid(made, large_area);

    EXPECT_NE(std::string::npos, laid.screen(160, 48).find("rejected 2")) << laid.screen(160, 48);
    EXPECT_NE(std::string::npos, laid.screen(160, 48).find("┈")) << "dotted";
}

TEST(Layout, SaysWhereWhatHasNoRouteGoes)
{
    Made made;
    tell_town(made, {1, 2, 2, 1});
    made.note(GMQ_EVENT_ALTERNATE_SET, "x1", "x2");
    Laid laid(made, large_area);

    EXPECT_NE(std::string::npos, laid.screen(160, 48).find("no route 0")) << laid.screen(160, 48);
    EXPECT_NE(std::string::npos, laid.screen(160, 48).find("╌")) << "dashed";
    EXPECT_NE(std::string::npos, laid.screen(160, 48, GMQ_GLYPHS_ASCII).find("~"));
}

TEST(Layout, DoublesASlowLine)
{
    Made made;
    tell_town(made, {1, 1, 1, 1});
    made.note(GMQ_EVENT_FAULT_LINK, "w1", "", "", "", "latency 500 ms");
    Laid slow(made, large_area);
    made.note(GMQ_EVENT_FAULT_LINK, "w1");
    Laid healed(made, large_area);

    EXPECT_NE(std::string::npos, slow.screen(100, 30).find("═══▶")) << slow.screen(100, 30);
    EXPECT_NE(std::string::npos, slow.screen(100, 30, GMQ_GLYPHS_ASCII).find("===>"));
    EXPECT_EQ(std::string::npos, healed.screen(100, 30).find("═══▶"));
}

TEST(Layout, SaysThatTheBrokerIsFrozen)
{
    Made made;
    tell_town(made, {1, 1, 1, 1});
    made.note(GMQ_EVENT_FAULT_FREEZE, "broker");
    Laid frozen(made, large_area);
    made.note(GMQ_EVENT_FAULT_THAW, "broker");
    Laid thawed(made, large_area);

    EXPECT_NE(std::string::npos, frozen.screen(80, 24).find("BROKER FROZEN"));
    EXPECT_EQ(std::string::npos, thawed.screen(80, 24).find("BROKER FROZEN"));
}

} // namespace
