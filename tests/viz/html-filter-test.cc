#include <cstring>
#include <filesystem>
#include <gtest/gtest.h>
#include <json-glib/json-glib.h>
#include <string>
#include <vector>

#include "tests/viz/made.h"
#include "viz/cmd-html.h"
#include "viz/html.h"

namespace {

/* The data of a page with a filter, NULL: without one. */
class Kept {
  public:
    Kept(const Made &made, GmqHtmlRange range, const char *text)
    {
        g_autoptr(GmqStage) stage = gmq_stage_new(made.trace());
        g_autoptr(GmqFilter) filter =
            text == nullptr ? nullptr : gmq_filter_new(text, nullptr, nullptr);
        g_autofree char *data   = gmq_html_data(stage, range, filter);
        g_autofree char *page   = gmq_html_page(stage, range, filter);
        g_autoptr(GError) error = nullptr;

        EXPECT_EQ(text == nullptr, filter == nullptr);
        data_   = data;
        page_   = page;
        parser_ = json_parser_new();
        EXPECT_TRUE(json_parser_load_from_data(parser_, data, -1, &error)) << error->message;
        root_ = json_node_get_object(json_parser_get_root(parser_));
    }

    ~Kept()
    {
        g_object_unref(parser_);
    }

    Kept(const Kept &)            = delete;
    Kept &operator=(const Kept &) = delete;

    bool
    has_filter() const
    {
        return json_object_has_member(root_, "filter");
    }

    std::string
    text() const
    {
        return json_object_get_string_member(json_object_get_object_member(root_, "filter"),
                                             "text");
    }

    std::vector<uint64_t>
    events() const
    {
        JsonArray *list =
            json_object_get_array_member(json_object_get_object_member(root_, "filter"), "kept");
        std::vector<uint64_t> events;

        for (unsigned i = 0; i < json_array_get_length(list); i++)
            events.push_back((uint64_t)json_array_get_int_element(list, i));
        return events;
    }

    unsigned
    column_length(const char *name) const
    {
        return json_array_get_length(
            json_object_get_array_member(json_object_get_object_member(root_, "events"), name));
    }

    const std::string &
    data() const
    {
        return data_;
    }

    const std::string &
    page() const
    {
        return page_;
    }

  private:
    std::string data_, page_;
    JsonParser *parser_;
    JsonObject *root_;
};

std::vector<uint64_t>
deliveries(const Made &made, uint64_t from)
{
    std::vector<uint64_t> found;

    for (uint64_t n = from; n <= made.length(); n++) {
        if (gmq_trace_event(made.trace(), n)->kind == GMQ_EVENT_DELIVERED)
            found.push_back(n);
    }
    return found;
}

TEST(HtmlFilter, TellsWhichEventsItKeeps)
{
    Made made;
    tell_work_queue(made);
    std::vector<uint64_t> kept = deliveries(made, 1);

    ASSERT_GT(kept.size(), 2u);
    EXPECT_EQ(kept, Kept(made, {0, 0}, "kind:deliver").events());
    EXPECT_EQ(deliveries(made, kept[0] + 1), Kept(made, {kept[0] + 1, 0}, "kind:deliver").events());
    EXPECT_EQ(std::vector<uint64_t>(), Kept(made, {0, 0}, "m:nobody").events());
}

/* What is left out changes the picture, and jumps go to it. */
TEST(HtmlFilter, LeavesEveryEventInThePage)
{
    Made made;
    tell_work_queue(made);
    Kept kept(made, {0, 0}, "kind:deliver");

    EXPECT_EQ(made.length(), kept.column_length("changes"));
    EXPECT_EQ(made.length(), kept.column_length("tell"));
}

TEST(HtmlFilter, IsNotThereWhereNoneIsWished)
{
    Made made;
    tell_work_queue(made);
    Kept plain(made, {0, 0}, nullptr);

    EXPECT_FALSE(plain.has_filter());
    EXPECT_EQ(plain.page(), Kept(made, {0, 0}, "").page());
    EXPECT_EQ(plain.page(), Kept(made, {0, 0}, "  ").page());
}

TEST(HtmlFilter, DoesNotComeOutOfItsText)
{
    const char *wicked = "!\"</script><script>alert(1)//'& <!--\"";
    Made made;
    tell_work_queue(made);
    Kept kept(made, {0, 0}, wicked);

    EXPECT_EQ(std::string::npos, kept.data().find('<'));
    EXPECT_EQ(std::string::npos, kept.page().find("<script>alert"));
    EXPECT_EQ(wicked, kept.text()) << "and the page shows it as it is";
}

/* ---- the command ---- */

TEST(HtmlFilter, IsAnOptionOfTheCommand)
{
    std::string path    = testing::TempDir() + "glassmq-html-filter-test.html";
    std::string words[] = {"html",     GMQ_SOURCE_ROOT "/scenarios/01-hello-queue.yaml",
                           "--filter", "kind:deliver,ack",
                           "-o",       path};
    char *argv[G_N_ELEMENTS(words) + 1] = {};
    g_autofree char *page               = nullptr;

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        argv[i] = words[i].data();
    ASSERT_EQ(0, gmq_cmd_html((int)G_N_ELEMENTS(words), argv));
    ASSERT_TRUE(g_file_get_contents(path.c_str(), &page, nullptr, nullptr));
    EXPECT_NE(nullptr, strstr(page, "\"filter\":{\"text\":\"kind:deliver,ack\",\"kept\":["));
    std::filesystem::remove(path);
}

} // namespace
