#include <gtest/gtest.h>

#include "tests/sim/shipped.h"
#include "tests/viz/made.h"

#include "sim/frame-fields.h"
#include "viz/viewer.h"

/* The frames on the wires, taken apart. */
namespace {

struct Shown {
    explicit Shown(const std::string &file)
    {
        g_autoptr(GError) error = NULL;
        std::string path        = source_path("scenarios/" + file);
        GmqScenario *scenario   = gmq_scenario_load(path.c_str(), &error);

        EXPECT_NE(nullptr, scenario) << error->message;
        trace = gmq_run_record(scenario, scenario->seed);
        gmq_scenario_free(scenario);
        stage  = gmq_stage_new(trace);
        viewer = gmq_viewer_new(stage, GMQ_GLYPHS_ASCII);
        EXPECT_TRUE(gmq_viewer_set_pane(viewer, "wire", &error)) << error->message;
        gmq_viewer_resize(viewer, 160, 48);
        gmq_viewer_key(viewer, 'z', 0);
    }
    Shown(const Shown &)            = delete;
    Shown &operator=(const Shown &) = delete;
    ~Shown()
    {
        gmq_viewer_free(viewer);
        gmq_stage_free(stage);
        gmq_trace_free(trace);
    }

    std::string
    at(uint64_t event)
    {
        gmq_viewer_go(viewer, event);
        g_autoptr(GmqScreen) screen = gmq_viewer_draw(viewer);
        g_autofree char *text       = gmq_screen_to_text(screen);
        return text;
    }

    /* The first event of a kind that is about a message. */
    uint64_t
    find(GmqEventKind kind, const std::string &message) const
    {
        for (uint64_t n = 1; n <= gmq_trace_length(trace); n++) {
            const GmqTraceEvent *event = gmq_trace_event(trace, n);
            if (event->kind == kind && (message.empty() || event->message == message))
                return n;
        }
        return 0;
    }

    GmqTrace *trace;
    GmqStage *stage;
    GmqViewer *viewer;
};

bool
has(const std::string &text, const std::string &part)
{
    return text.find(part) != std::string::npos;
}

std::string
number(uint64_t event)
{
    return "#" + std::to_string(event);
}

TEST(PaneWire, TakesTheFrameOfTheCurrentEventApart)
{
    Shown shown("06-worker-dies.yaml");
    std::string text = shown.at(shown.find(GMQ_EVENT_PUBLISHED, "p1-1"));

    EXPECT_TRUE(has(text, "basic.publish  p1 > broker"));
    EXPECT_TRUE(has(text, "exchange     \"\""));
    EXPECT_TRUE(has(text, "routing-key  tasks"));
    EXPECT_TRUE(has(text, "mandatory    0"));
}

TEST(PaneWire, ShowsTheBytesBesideTheFields)
{
    Shown shown("06-worker-dies.yaml");
    std::string text = shown.at(shown.find(GMQ_EVENT_PUBLISHED, "p1-1"));

    EXPECT_TRUE(
        has(text, "0000  01 00 01 00 00 00 0e 00 3c 00 28 00 00 00 05 74  ........<.(....t"));
    gmq_viewer_key(shown.viewer, 'z', 0);
    EXPECT_FALSE(has(shown.at(shown.find(GMQ_EVENT_PUBLISHED, "p1-1")), "0000  01 00"));
}

TEST(PaneWire, TiesAPublishToItsConfirmOnceThatHasCome)
{
    Shown shown("06-worker-dies.yaml");
    uint64_t publish = shown.find(GMQ_EVENT_PUBLISHED, "p1-1");
    uint64_t confirm = shown.find(GMQ_EVENT_CONFIRMED, "");

    EXPECT_TRUE(has(shown.at(publish), "not confirmed yet"));
    std::string later = shown.at(shown.find(GMQ_EVENT_PUBLISHED, "p1-2"));
    EXPECT_TRUE(has(later, "confirmed by " + number(confirm)));
    EXPECT_TRUE(has(later, "confirms " + number(publish)));
}

TEST(PaneWire, TiesADeliveryToItsAck)
{
    Shown shown("06-worker-dies.yaml");
    uint64_t deliver = shown.find(GMQ_EVENT_DELIVERED, "p1-1");
    uint64_t ack     = shown.find(GMQ_EVENT_ACKED, "p1-1");

    EXPECT_TRUE(has(shown.at(deliver), "on its way"));
    EXPECT_TRUE(has(shown.at(ack), "acked by " + number(ack)));
    EXPECT_TRUE(has(shown.at(ack), "acks " + number(deliver)));
    EXPECT_FALSE(has(shown.at(ack - 1), "acked by"));
}

TEST(PaneWire, IsTheSameHoweverOneCameThere)
{
    Shown shown("13-confirm-lost.yaml");
    uint64_t last     = gmq_trace_length(shown.trace);
    std::string first = shown.at(60);

    shown.at(last);
    shown.at(1);
    EXPECT_EQ(first, shown.at(60));
}

TEST(PaneWire, ShowsEveryMomentOfEveryScenario)
{
    for (const std::string &file : shipped_scenarios()) {
        Shown shown(file);
        uint64_t step = gmq_trace_length(shown.trace) / 7 + 1;

        for (uint64_t n = 0; n <= gmq_trace_length(shown.trace); n += step)
            EXPECT_FALSE(has(shown.at(n), "cannot be")) << file << " at " << n;
    }
}

TEST(PaneWire, SaysThatABrokerTellsNoFrames)
{
    Made made;
    made.client("p1", "producer");
    g_autoptr(GmqStage) stage   = gmq_stage_new(made.trace());
    g_autoptr(GmqViewer) viewer = gmq_viewer_new(stage, GMQ_GLYPHS_ASCII);
    EXPECT_TRUE(gmq_viewer_set_pane(viewer, "wire", NULL));
    gmq_viewer_key(viewer, 'z', 0);
    g_autoptr(GmqScreen) screen = gmq_viewer_draw(viewer);
    g_autofree char *text       = gmq_screen_to_text(screen);

    EXPECT_TRUE(has(text, "A broker tells its events, and not the frames on its wires."));
}

std::string
fields_of(const std::vector<uint8_t> &bytes)
{
    GmqSlice input = {bytes.data(), bytes.size()};
    GmqFrame frame = {};
    GmqFault fault;
    std::string text;

    if (gmq_frame_read(&input, UINT32_MAX, &frame, &fault) != GMQ_FRAME_READY)
        frame.type = 0;
    g_autoptr(GPtrArray) fields = gmq_frame_fields(&frame, GmqSlice{bytes.data(), bytes.size()});
    for (unsigned i = 0; i < fields->len; i++) {
        auto *field = static_cast<const GmqFrameField *>(fields->pdata[i]);
        text += std::string(field->name) + "=" + field->value + "\n";
    }
    return text;
}

TEST(FrameFields, NameEachPropertyThatIsThere)
{
    EXPECT_EQ(
        "channel=1\nsize=15\nbody-size=5\ndelivery-mode=2\n",
        fields_of({2, 0, 1, 0, 0, 0, 15, 0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0x10, 0, 2, 0xCE}));
}

TEST(FrameFields, TellAPasswordByItsSizeAlone)
{
    EXPECT_EQ("channel=0\nsize=10\nresponse=(2 octets)\n",
              fields_of({1, 0, 0, 0, 0, 0, 10, 0, 10, 0, 21, 0, 0, 0, 2, 'h', 'u', 0xCE}));
}

TEST(FrameFields, SayWhatIsWrongWithAMethod)
{
    EXPECT_TRUE(has(fields_of({1, 0, 1, 0, 0, 0, 4, 0, 99, 0, 1, 0xCE}), "wrong="));
}

} // namespace
