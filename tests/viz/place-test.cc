#include "viz/place.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>
#include <vector>

#include "tests/viz/town.h"
#include "viz/export.h"

namespace {

class Placed {
  public:
    explicit Placed(const Made &made, unsigned seconds = GMQ_PLACES_SECONDS)
        : whole_(gmq_picture_at(made.trace(), made.length())),
          places_(gmq_places_new(whole_, NULL, seconds))
    {
    }

    ~Placed()
    {
        gmq_places_free(places_);
        gmq_picture_free(whole_);
    }

    Placed(const Placed &)            = delete;
    Placed &operator=(const Placed &) = delete;

    const GmqPlaces *
    places() const
    {
        return places_;
    }

    const GmqPicture *
    whole() const
    {
        return whole_;
    }

    GmqPlace
    place(const std::string &name) const
    {
        for (int kind = GMQ_PLACE_CLIENT; kind < GMQ_N_PLACE_KINDS; kind++) {
            GmqPlace place = gmq_picture_find(whole_, (GmqPlaceKind)kind, name.c_str());
            if (place.kind != GMQ_PLACE_NONE)
                return place;
        }
        return {GMQ_PLACE_NONE, 0};
    }

    const GmqSpot &
    at(const std::string &name) const
    {
        return *gmq_places_find(places_, place(name));
    }

    /* The names of a column from above. */
    std::vector<std::string>
    column(int number) const
    {
        std::vector<std::string> names;
        g_autoptr(GArray) there = gmq_places_column(places_, number);

        for (unsigned i = 0; i < there->len; i++)
            names.push_back(gmq_picture_name(whole_, g_array_index(there, GmqPlace, i)));
        return names;
    }

    std::string
    all() const
    {
        std::string text;

        for (int i = 0; i < gmq_places_columns(places_); i++) {
            for (const std::string &name : column(i))
                text += name + " " + std::to_string(at(name).x) + "," + std::to_string(at(name).y) +
                        "; ";
            text += "\n";
        }
        return text;
    }

  private:
    GmqPicture *whole_;
    GmqPlaces *places_;
};

TEST(Place, StandsInColumnsFromLeftToRight)
{
    Made made;
    tell_town(made, {2, 1, 2, 2});
    Placed placed(made);

    EXPECT_TRUE(gmq_places_are_drawn(placed.places()));
    EXPECT_EQ(4, gmq_places_columns(placed.places()));
    EXPECT_LT(placed.at("p1").x, placed.at("x1").x);
    EXPECT_LT(placed.at("x1").x, placed.at("q1").x);
    EXPECT_LT(placed.at("q1").x, placed.at("w1").x);
    EXPECT_EQ(placed.at("q1").x, placed.at("q2").x);
    EXPECT_LT(placed.at("q1").y, placed.at("q2").y);
    EXPECT_EQ(0u, placed.at("q1").order);
    EXPECT_EQ(1u, placed.at("q2").order);
}

TEST(Place, OfAnExchangeBehindAnotherIsAColumnOfItsOwn)
{
    Made made;
    tell_town(made, {1, 3, 1, 1});
    made.note(GMQ_EVENT_BOUND, "x1", "x2", "", "#", "exchange");
    made.note(GMQ_EVENT_ALTERNATE_SET, "x2", "x3");
    Placed placed(made);

    EXPECT_EQ(3, gmq_places_exchange_columns(placed.places()));
    EXPECT_EQ(1, placed.at("x1").column);
    EXPECT_EQ(2, placed.at("x2").column);
    EXPECT_EQ(3, placed.at("x3").column);
    EXPECT_EQ(4, placed.at("q1").column);
    EXPECT_EQ(5, placed.at("w1").column);
}

TEST(Place, InACircleOfExchangesEndsAnyway)
{
    Made made;
    tell_town(made, {1, 3, 1, 1});
    for (const auto &pair : {std::pair("x1", "x2"), std::pair("x2", "x3"), std::pair("x3", "x1"),
                             std::pair("x2", "x2")})
        made.note(GMQ_EVENT_BOUND, pair.first, pair.second, "", "#", "exchange");
    Placed placed(made);

    EXPECT_EQ(3, gmq_places_exchange_columns(placed.places()));
}

TEST(Place, OfDeadLettersDoesNotTurnTheColumns)
{
    Made made;
    tell_town(made, {1, 2, 2, 2});
    made.note(GMQ_EVENT_DEAD_LETTERED, "q1", "x2", "p1-1", "k", "rejected");
    made.note(GMQ_EVENT_DEAD_LETTERED, "q2", "x1", "p1-1", "k", "expired");
    Placed placed(made);

    EXPECT_EQ(placed.at("x1").x, placed.at("x2").x);
    EXPECT_LT(placed.at("x2").x, placed.at("q1").x);
}

/* Crossed in order of creation: q1 is bound to x2 and q2 to x1. */
TEST(Place, AvoidsCrossings)
{
    Made made;
    made.exchange("x1", "direct");
    made.exchange("x2", "direct");
    made.queue("q1");
    made.queue("q2");
    made.bind("x1", "q2", "a");
    made.bind("x2", "q1", "b");
    Placed placed(made);

    EXPECT_EQ(placed.at("x1").order, placed.at("q2").order);
    EXPECT_EQ(placed.at("x2").order, placed.at("q1").order);
    EXPECT_EQ(std::vector<std::string>({"x1", "x2"}), placed.column(1)) << "not its mirror image";
}

TEST(Place, NeverOverlapsAnother)
{
    for (unsigned seed = 1; seed <= 20; seed++) {
        Made made;
        tell_random_town(made, seed);
        Placed placed(made);
        std::set<std::pair<int, int>> orders;

        ASSERT_TRUE(gmq_places_are_drawn(placed.places()));
        for (int i = 0; i < gmq_places_columns(placed.places()); i++) {
            std::vector<std::string> names = placed.column(i);
            for (size_t k = 0; k < names.size(); k++) {
                const GmqSpot &spot = placed.at(names[k]);
                EXPECT_TRUE(orders.insert({spot.column, spot.order}).second);
                EXPECT_GE(spot.y, GMQ_PLACES_BOX_HEIGHT / 2);
                EXPECT_LE(spot.y, gmq_places_height(placed.places()) - GMQ_PLACES_BOX_HEIGHT / 2);
                int above = k > 0 ? placed.at(names[k - 1]).y : -GMQ_PLACES_BOX_HEIGHT;
                EXPECT_GE(spot.y, above + GMQ_PLACES_BOX_HEIGHT);
            }
        }
    }
}

TEST(Place, IsTheSameWheneverItIsAskedFor)
{
    for (unsigned seed = 1; seed <= 5; seed++) {
        Made made;
        tell_random_town(made, seed);
        EXPECT_EQ(Placed(made).all(), Placed(made).all());
    }
}

TEST(Place, StaysInOrderOfCreationWhenGraphvizIsLate)
{
    Made made;
    tell_town(made, {2, 2, 4, 4});
    Placed placed(made, 0);

    EXPECT_FALSE(gmq_places_are_drawn(placed.places()));
    EXPECT_EQ(std::vector<std::string>({"q1", "q2", "q3", "q4"}), placed.column(2));
    EXPECT_GE(placed.at("q2").y, placed.at("q1").y + GMQ_PLACES_BOX_HEIGHT);
    EXPECT_GE(placed.at("q1").x, placed.at("x1").x + GMQ_PLACES_BOX_WIDTH);
    EXPECT_LE(placed.at("q4").y, gmq_places_height(placed.places()) - GMQ_PLACES_BOX_HEIGHT / 2);
}

TEST(Place, StaysInOrderOfCreationWhenGraphvizIsNotThere)
{
    Made made;
    tell_town(made, {2, 2, 4, 4});
    g_setenv("GVBINDIR", "/nowhere/at/all", TRUE);
    Placed placed(made);
    g_unsetenv("GVBINDIR");

    EXPECT_FALSE(gmq_places_are_drawn(placed.places()));
    EXPECT_EQ(std::vector<std::string>({"q1", "q2", "q3", "q4"}), placed.column(2));
}

TEST(Place, OfNothingIsNowhere)
{
    Made made;
    Placed placed(made);

    EXPECT_EQ(NULL, gmq_places_find(placed.places(), {GMQ_PLACE_QUEUE, 0}));
    EXPECT_EQ(NULL, gmq_places_find(placed.places(), {GMQ_PLACE_NONE, 0}));
}

TEST(Place, IsTakenOverAsLongAsTheTopologyIsTheSame)
{
    Made made;
    tell_town(made, {2, 2, 4, 4});
    Placed first(made);
    made.send("p1", "x1", "key.0", "p1-9");
    g_autoptr(GmqPicture) later = gmq_picture_at(made.trace(), made.length());
    g_autoptr(GmqPlaces) same   = gmq_places_new(later, first.places(), 0);
    made.queue("q5");
    g_autoptr(GmqPicture) grown  = gmq_picture_at(made.trace(), made.length());
    g_autoptr(GmqPlaces) another = gmq_places_new(grown, first.places(), 0);

    EXPECT_TRUE(gmq_places_are_drawn(same));
    EXPECT_EQ(first.at("q3").y, gmq_places_find(same, first.place("q3"))->y);
    EXPECT_FALSE(gmq_places_are_drawn(another));
}

TEST(Place, IsFoundAgainWhenTheStageGrows)
{
    Made made;
    tell_town(made, {1, 1, 2, 1});
    g_autoptr(GmqStage) stage = gmq_stage_new(made.trace());
    const GmqPlaces *first    = gmq_stage_places(stage);

    made.send("p1", "x1", "key.0", "p1-2");
    gmq_stage_grow(stage);
    EXPECT_EQ(first, gmq_stage_places(stage)) << "the same topology";
    EXPECT_EQ(2u, gmq_picture_client(stage->whole, 0)->sent);
    EXPECT_EQ(NULL, gmq_places_find(first, {GMQ_PLACE_QUEUE, 2}));

    made.queue("q3");
    made.note(GMQ_EVENT_FAULT_CRASH, "w1");
    gmq_stage_grow(stage);
    EXPECT_EQ(made.length(), stage->whole->event);
    EXPECT_NE(nullptr, gmq_places_find(gmq_stage_places(stage), {GMQ_PLACE_QUEUE, 2}));
    EXPECT_EQ(stage->whole->time_ns <= stage->end_ns, true);
    EXPECT_EQ(made.length(), gmq_stage_next_mark(stage, 0));
}

/* ---- groups ---- */

TEST(Place, OfManyAlikeQueuesIsOneGroup)
{
    Made made;
    made.exchange("jobs", "topic");
    made.client("p1", "producer");
    for (int i = 0; i < 200; i++) {
        std::string name = (i % 10 == 0 ? "mails." : "tasks.") + std::to_string(i);
        made.queue(name);
        made.bind("jobs", name, "#");
    }
    made.queue("parking");
    Placed placed(made);

    ASSERT_EQ(2u, gmq_places_groups(placed.places()));
    const GmqPlaceGroup *mails = gmq_places_group(placed.places(), 0);
    const GmqPlaceGroup *tasks = gmq_places_group(placed.places(), 1);
    EXPECT_STREQ("mails.*", mails->name);
    EXPECT_STREQ("tasks.*", tasks->name);
    EXPECT_EQ(20u, mails->members->len);
    EXPECT_EQ(180u, tasks->members->len);
    EXPECT_EQ(-1, placed.at("parking").group);
    EXPECT_EQ(placed.at("tasks.1").y, placed.at("tasks.199").y);
    EXPECT_EQ(placed.at("tasks.1").order + 1, placed.at("tasks.2").order);
    EXPECT_TRUE(gmq_places_are_drawn(placed.places()));
}

TEST(Place, OfQueuesWithOtherBindingsIsAnotherGroup)
{
    Made made;
    made.exchange("one", "topic");
    made.exchange("other", "topic");
    for (int i = 0; i < 20; i++) {
        made.queue("tasks." + std::to_string(i));
        made.bind(i < 10 ? "one" : "other", "tasks." + std::to_string(i), "#");
        made.client("w" + std::to_string(i), "consumer");
        made.consume("w" + std::to_string(i), "tasks." + std::to_string(i), 1);
    }
    Placed placed(made);

    EXPECT_NE(placed.at("tasks.1").group, placed.at("tasks.11").group);
    EXPECT_EQ(placed.at("w1").group, placed.at("w2").group);
    EXPECT_NE(placed.at("w1").group, placed.at("w12").group);
}

TEST(Place, OfFewQueuesIsNeverAGroup)
{
    Made made;
    for (int i = 0; i < GMQ_PLACES_SINGLE_MOST; i++)
        made.queue("tasks." + std::to_string(i));
    Placed placed(made);

    EXPECT_EQ(0u, gmq_places_groups(placed.places()));
}

TEST(Place, KnowsTheStemOfAName)
{
    const struct {
        const char *name, *stem;
    } rows[] = {
        {"tasks.eu", "tasks."}, {"tasks.eu.paid", "tasks.eu."},
        {"w12", "w"},           {"tasks-7", "tasks-"},
        {"12", nullptr},        {"tasks", nullptr},
        {"", nullptr},          {"amq.gen-x7", "amq.gen-"},
        {"ends.", nullptr},     {".x", nullptr},
        {"日本12", "日本"},
    };
    for (const auto &row : rows) {
        g_autofree char *stem = gmq_place_stem(row.name);
        EXPECT_STREQ(row.stem, stem) << row.name;
    }
}

/* ---- hints for drawings ---- */

TEST(Place, HoldsItsOrderInAnotherDrawing)
{
    for (unsigned seed = 1; seed <= 10; seed++) {
        Made made;
        tell_random_town(made, seed);
        Placed placed(made);
        g_autoptr(GString) dot =
            g_string_new("digraph g { graph [rankdir=LR]; node [shape=box];\n");
        std::vector<double> above(gmq_places_columns(placed.places()), 1e9);

        for (unsigned i = 0; i < placed.whole()->edges->len; i++) {
            const GmqPictureEdge *edge = gmq_picture_edge(placed.whole(), i);
            bool is_back               = gmq_places_find(placed.places(), edge->to)->column <=
                           gmq_places_find(placed.places(), edge->from)->column;
            gmq_places_append_node(dot, edge->from);
            g_string_append(dot, " -> ");
            gmq_places_append_node(dot, edge->to);
            g_string_append(dot, is_back ? " [constraint=false];\n" : " [label=\"key\"];\n");
        }
        gmq_places_append_order(placed.places(), placed.whole(), dot);
        g_string_append(dot, "}\n");
        g_autofree char *plain = gmq_export_render(dot->str, "plain", 10, NULL, NULL);
        ASSERT_NE(nullptr, plain);

        for (int column = 0; column < gmq_places_columns(placed.places()); column++) {
            for (const std::string &name : placed.column(column)) {
                g_autoptr(GString) node = g_string_new("\nnode ");
                double x, y;

                gmq_places_append_node(node, placed.place(name));
                g_string_append_c(node, ' ');
                const char *line = strstr(plain, node->str);
                ASSERT_NE(nullptr, line) << node->str;
                ASSERT_EQ(2, sscanf(line + node->len, "%lf %lf", &x, &y));
                EXPECT_LT(y, above[column]) << name << " with seed " << seed;
                above[column] = y;
            }
        }
    }
}

} // namespace
