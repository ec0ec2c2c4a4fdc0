/* Drawings of parts: moments of a run, what was declared, the way of a message. */
#include "viz/graph.h"

#include <graphviz/gvc.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "sim/run.h"
#include "tests/viz/made.h"

namespace {

class Graph : public testing::Test {
  protected:
    ~Graph() override
    {
        if (stage_ != NULL)
            gmq_stage_free(stage_);
        if (trace_ != NULL)
            gmq_trace_free(trace_);
    }

    void
    run(const char *yaml)
    {
        g_autoptr(GError) error         = NULL;
        g_autoptr(GmqScenario) scenario = gmq_scenario_parse("made", yaml, strlen(yaml), &error);

        g_assert_no_error(error);
        trace_ = gmq_run_record(scenario, 1);
        stage_ = gmq_stage_new(trace_);
    }

    std::string
    draw(GmqGraphWish wish = {}, uint64_t event = G_MAXUINT64)
    {
        g_autoptr(GError) error   = NULL;
        uint64_t at               = MIN(event, gmq_trace_length(trace_));
        g_autoptr(GmqGraph) graph = gmq_graph_of_moment(stage_, at, &wish, &error);

        if (graph == NULL)
            return error->message;
        g_autofree char *dot = gmq_graph_draw(graph, &wish);
        return dot;
    }

    GmqTrace *trace_ = NULL;
    GmqStage *stage_ = NULL;
};

bool
has(const std::string &text, const std::string &part)
{
    return text.find(part) != std::string::npos;
}

const char shop[] =
    "glassmq: 1\n"
    "title: A shop\n"
    "stop: 2s\n"
    "topology:\n"
    "  exchanges:\n"
    "    orders: {type: headers}\n"
    "    dead: {type: fanout}\n"
    "  queues:\n"
    "    bills: {ttl: 90s, max_length: 5, overflow: reject-publish,\n"
    "            dead_letter: {to: dead, key: late}}\n"
    "    unused: {}\n"
    "  bindings:\n"
    "    - {from: orders, to: bills, match: any, headers: {country: FR, fast: yes}}\n"
    "clients:\n"
    "  p:\n"
    "    role: producer\n"
    "    publish: {to: orders, count: 1, headers: {country: FR}}\n"
    "  c: {role: consumer, from: bills}\n";

TEST_F(Graph, SaysWhatWasDeclared)
{
    run(shop);
    std::string dot = draw();

    for (const char *part :
         {"ttl 90s", "max 5 messages", "full: reject-publish", "dead letters to dead, key late",
          "any of</TD></TR><TR><TD>country</TD><TD>FR</TD></TR><TR><TD>fast</TD><TD>yes</TD>"})
        EXPECT_TRUE(has(dot, part)) << part << "\n" << dot;
}

TEST_F(Graph, DrawsTheWayOfDeadLettersBeforeAnyoneDied)
{
    run(shop);

    EXPECT_TRUE(has(draw(), "dead letters<BR/>0 msg")) << draw();
    EXPECT_TRUE(has(draw(), "style=dotted, dir=back")) << draw();
}

TEST_F(Graph, DrawsTheDefaultExchangeOnDemand)
{
    run(shop);
    GmqGraphWish all = {}, none = {};
    all.defaults  = GMQ_DOT_DEFAULT_ALL;
    none.defaults = GMQ_DOT_DEFAULT_NONE;

    EXPECT_FALSE(has(draw(), "(default)"));
    EXPECT_TRUE(has(draw(all), "<B>unused</B></TD></TR></TABLE>>, fontsize=12")) << draw(all);
    EXPECT_FALSE(has(draw(none), "(default)"));
}

TEST_F(Graph, ShowsTheWayOfAMessage)
{
    run(shop);
    GmqGraphWish wish = {};
    wish.message      = "1";
    std::string dot   = draw(wish);

    EXPECT_TRUE(has(dot, "the way of p-1, 3 steps so far")) << dot;
    EXPECT_TRUE(has(dot, "<B>step </B></FONT><FONT COLOR=\"#0B57A4\"><B>2</B>")) << dot;
    EXPECT_TRUE(has(draw(wish, 0), "the way of p-1, 0 steps so far"));
}

TEST_F(Graph, RefusesWhatIsNotThere)
{
    run(shop);
    GmqGraphWish message = {}, vhost = {};
    message.message = "x";
    vhost.vhost     = "x";

    EXPECT_EQ("no message of this run is called \"x\"; the first ones are p-1", draw(message));
    EXPECT_EQ("a run has one virtual host, \"/\", and none that is called \"x\"", draw(vhost));
}

TEST_F(Graph, MarksWhatChangedBetweenTwoMoments)
{
    run(shop);
    GmqGraphWish wish = {};
    g_autoptr(GmqGraph) graph =
        gmq_graph_of_moments(stage_, 0, gmq_trace_length(trace_), &wish, NULL);
    g_autofree char *dot = gmq_graph_draw(graph, &wish);

    EXPECT_TRUE(has(dot, "<B>before: event 0 of ")) << dot;
    EXPECT_TRUE(has(dot, "<B>acked 1</B> (was 0)")) << dot;
    EXPECT_TRUE(has(dot, "h0 -> h1")) << dot;
}

int n_complaints;

/* In a process of its own, since what Graphviz keeps is not freed. */
G_GNUC_NORETURN void
draw_and_exit(const char *dot)
{
    agseterrf([](char *complaint) {
        n_complaints++;
        return fputs(complaint, stderr);
    });
    GVC_t *context  = gvContext();
    Agraph_t *graph = agmemread(dot);
    char *svg       = NULL;
    unsigned size   = 0;

    if (graph == NULL || gvLayout(context, graph, "dot") != 0 ||
        gvRenderData(context, graph, "svg", &svg, &size) != 0)
        _exit(2);
    _exit(n_complaints == 0 && strstr(svg, "&lt;b&gt;&amp;amp;]]&gt;") != NULL ? 0 : 1);
}

TEST(GraphNames, AreDrawnWithoutAWarning)
{
    const std::string names[] = {"quo\"te's",
                                 "<b>&amp;]]></b>",
                                 "\U0001F407 rabbit",
                                 "\u05e9\u05dc\u05d5\u05dd \u202Ex",
                                 "two\nlines\ttab",
                                 std::string(255, 'W'),
                                 std::string(85, '\xe2'),
                                 "\\N\\G\\n",
                                 ""};
    Made made;

    made.client("<p>\"&\"", "producer");
    for (const std::string &name : names) {
        made.exchange(name + "x", "headers");
        made.queue(name);
        made.bind(name + "x", name, name);
        made.send("<p>\"&\"", name + "x", name, "m-" + name);
    }
    g_autoptr(GmqPicture) picture = gmq_picture_at(made.trace(), made.length());
    g_autoptr(GmqPlaces) places   = gmq_places_new(picture, NULL, GMQ_PLACES_SECONDS);
    g_autoptr(GmqTraits) traits   = gmq_traits_new();
    for (const std::string &name : names) {
        gmq_traits_add_line(traits, GMQ_PLACE_QUEUE, name.c_str(), name.c_str());
        gmq_traits_add_dead(traits, name.c_str(), name.c_str(), name.c_str());
        GmqHeaderTrait *headers = gmq_traits_add_headers(traits, (name + "x").c_str(), name.c_str(),
                                                         GMQ_PLACE_QUEUE, name.c_str(), "all");
        g_ptr_array_add(headers->cells, g_strdup(name.c_str()));
        g_ptr_array_add(headers->cells, g_strdup(name.c_str()));
    }
    gmq_traits_lead_dead(traits, picture);

    for (bool is_framed : {false, true}) {
        GmqDotPart part = {};
        part.picture    = picture;
        part.vhost      = names[1].c_str();
        part.heading    = is_framed ? NULL : names[0].c_str();
        part.places     = is_framed ? NULL : places;
        part.traits     = traits;
        g_autofree char *dot =
            gmq_dot_draw_parts(&part, 1, names[1].c_str(), names[4].c_str(), GMQ_DOT_DEFAULT_ALL);
        EXPECT_EXIT(draw_and_exit(dot), testing::ExitedWithCode(0), "") << dot;
    }
}

} // namespace
