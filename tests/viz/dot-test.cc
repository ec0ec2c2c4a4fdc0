#include "viz/dot.h"

#include <graphviz/cgraph.h>
#include <gtest/gtest.h>

#include "tests/viz/golden.h"
#include "tests/viz/made.h"
#include "viz/dot-state.h"

namespace {

std::string
draw(const Made &made, uint64_t event = UINT64_MAX)
{
    g_autoptr(GmqPicture) picture = gmq_picture_at(made.trace(), event);
    g_autofree char *dot          = gmq_dot_draw(picture);
    return dot;
}

bool
has(const std::string &text, const std::string &part)
{
    return text.find(part) != std::string::npos;
}

/* Whether Graphviz's own parser takes it, and as how many boxes and lines. The words of a line are
 * a node that parts it in two. */
void
expect_graph(const std::string &dot, int n_boxes, int n_lines)
{
    Agraph_t *graph = agmemread(dot.c_str());
    int n_words     = 0;

    ASSERT_NE(nullptr, graph) << dot;
    for (Agnode_t *node = agfstnode(graph); node != NULL; node = agnxtnode(graph, node))
        n_words += agnameof(node)[0] == 'l';
    EXPECT_EQ(n_boxes, agnnodes(graph) - n_words) << dot;
    EXPECT_EQ(n_lines, agnedges(graph) - n_words) << dot;
    agclose(graph);
}

TEST(Dot, IsAGraphEvenWhenNothingHappened)
{
    Made made;

    expect_graph(draw(made), 0, 0);
}

TEST(Dot, DrawsTheWholeWayOfAMessage)
{
    Made made;
    tell_work_queue(made);

    expect_graph(draw(made), 5, 4);
    expect_golden("made-work-queue.dot", draw(made));
}

TEST(Dot, IsAGraphAtEveryMoment)
{
    Made made;
    tell_work_queue(made);

    for (uint64_t event = 0; event <= made.length(); event++) {
        std::string dot = draw(made, event);
        Agraph_t *graph = agmemread(dot.c_str());
        ASSERT_NE(nullptr, graph) << dot;
        agclose(graph);
    }
}

TEST(Dot, EscapesWhatNamesMayHold)
{
    Made made;
    made.queue("<b>&\"x\"\\\x01\xff");

    EXPECT_TRUE(has(draw(made), "<B>&lt;b&gt;&amp;&quot;x&quot;\\\uFFFD\uFFFD</B>")) << draw(made);
    expect_graph(draw(made), 1, 0);
}

TEST(Dot, SurvivesEmptyNames)
{
    Made made;
    made.queue("");
    made.client("", "");
    made.exchange("x", "");
    made.bind("x", "", "");

    expect_graph(draw(made), 3, 2); /* one holds the client in its column and is not seen */
}

TEST(Dot, CallsTheNamelessExchangeDefault)
{
    Made made;
    made.client("p1", "producer");
    made.send("p1", "", "tasks", "p1-1");

    EXPECT_TRUE(has(draw(made), "<B>(default)</B>"));
}

TEST(Dot, DrawsOneLineForEachBinding)
{
    Made made;
    made.exchange("logs", "direct");
    made.queue("file");
    made.bind("logs", "file", "info");
    made.bind("logs", "file", "error");

    expect_graph(draw(made), 2, 2);
}

TEST(Dot, GreysWhatWasNeverUsed)
{
    Made made;
    made.exchange("logs", "direct");
    made.queue("file");
    made.queue("pager");
    made.bind("logs", "file", "info");
    made.bind("logs", "pager", "error");
    made.enqueue("logs", "file", "info", "a-1", 1);
    std::string dot = draw(made);

    EXPECT_TRUE(has(dot, "penwidth=1.0, color=\"#A0A6AE\"")) << dot;
    EXPECT_TRUE(has(dot, "penwidth=4.0]")) << dot;
}

TEST(Dot, DrawsDeadLettersDottedAndAlternatesDashed)
{
    Made made;
    made.exchange("dlx", "fanout");
    made.exchange("logs", "direct");
    made.note(GMQ_EVENT_ALTERNATE_SET, "logs", "dlx");
    made.queue("tasks");
    made.enqueue("", "tasks", "tasks", "p1-1", 1);
    made.note(GMQ_EVENT_DEAD_LETTERED, "tasks", "dlx", "p1-1", "tasks", "rejected", 1);
    std::string dot = draw(made);

    EXPECT_TRUE(has(dot, "style=dotted, dir=back")) << dot;
    EXPECT_TRUE(has(dot, "style=dashed")) << dot;
}

/* A rate is counted from the start of the run: 100 ms for ten messages are many a second. */
TEST(Dot, HasFourWidthsOfLines)
{
    Made made;
    made.exchange("x", "direct");
    made.queue("q");
    made.bind("x", "q", "k");
    EXPECT_TRUE(has(draw(made), "penwidth=1.0"));
    made.wait(2000);
    made.enqueue("x", "q", "k", "a-1", 1);
    EXPECT_TRUE(has(draw(made), "penwidth=1.8"));
    for (int i = 2; i < 12; i++)
        made.enqueue("x", "q", "k", "a-" + std::to_string(i), 1);
    EXPECT_TRUE(has(draw(made), "penwidth=2.8"));
    for (int i = 12; i < 80; i++)
        made.enqueue("x", "q", "k", "a-" + std::to_string(i), 1);
    EXPECT_TRUE(has(draw(made), "penwidth=4.0"));
}

TEST(Dot, DrawsTheStatesOfConnectionsAndChannels)
{
    g_autofree char *dot = gmq_dot_draw_states();
    Agraph_t *graph      = agmemread(dot);

    ASSERT_NE(nullptr, graph) << dot;
    agclose(graph);
    expect_golden("states.dot", dot);
}

} // namespace
