#include "viz/export.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "tests/core/temp-folder.h"
#include "tests/sim/shipped.h"

namespace {

class Export : public testing::Test {
  protected:
    std::string
    path(const char *name) const
    {
        return folder_.path(name);
    }

    TempFolder folder_;
};

const char graph[] = "digraph g { a [shape=plain, label=<<B>a &amp; b</B>>]; a -> b; }";

struct Type {
    const char *name;
    const char *start; /* the first bytes of such a file */
};

class ExportTypes : public Export, public testing::WithParamInterface<Type> {};

TEST_P(ExportTypes, BeginAsTheyShould)
{
    g_autoptr(GError) error = NULL;

    ASSERT_TRUE(gmq_export_write(graph, path(GetParam().name).c_str(), 20, &error))
        << error->message;
    EXPECT_EQ(0u, read_text(path(GetParam().name)).find(GetParam().start));
}

INSTANTIATE_TEST_SUITE_P(Export, ExportTypes,
                         testing::Values(Type{"x.dot", "digraph"}, Type{"x.svg", "<?xml"},
                                         Type{"x.png", "\x89PNG\r\n"}, Type{"x.pdf", "%PDF-"},
                                         Type{"X.PNG", "\x89PNG\r\n"}));

TEST_F(Export, NamesTheFourTypesWhenItKnowsNoOther)
{
    for (const char *name : {"x.gif", "x", "svg", ""}) {
        g_autoptr(GError) error = NULL;
        EXPECT_FALSE(gmq_export_knows(name, &error));
        EXPECT_NE(nullptr, strstr(error->message, ".dot, .svg, .png or .pdf")) << error->message;
    }
}

TEST_F(Export, LeavesAnOldFileAloneWhenItFails)
{
    g_autoptr(GError) error = NULL;

    std::ofstream(path("x.svg")) << "old";
    EXPECT_FALSE(gmq_export_write("digraph {", path("x.svg").c_str(), 20, &error));
    EXPECT_EQ("old", read_text(path("x.svg")));
    EXPECT_NE(nullptr, error);
}

TEST_F(Export, SaysWhyItCannotWrite)
{
    g_autoptr(GError) error = NULL;

    EXPECT_FALSE(gmq_export_write(graph, "/no/such/folder/x.png", 20, &error));
    EXPECT_NE(nullptr, strstr(error->message, "/no/such/folder/x.png")) << error->message;
}

TEST_F(Export, GivesTheBytesOfADrawing)
{
    g_autoptr(GError) error = NULL;
    size_t size             = 0;

    g_autofree char *plain = gmq_export_render(graph, "plain", 20, &size, &error);
    ASSERT_NE(nullptr, plain) << error->message;
    EXPECT_EQ(strlen(plain), size);
    EXPECT_EQ(plain, strstr(plain, "graph 1 "));
    EXPECT_NE(nullptr, strstr(plain, "\nedge a b "));
}

TEST_F(Export, SaysThatGraphvizKnowsNoSuchFormat)
{
    g_autoptr(GError) error = NULL;

    EXPECT_EQ(nullptr, gmq_export_render(graph, "oil", 20, NULL, &error));
    EXPECT_STREQ("Graphviz cannot draw oil here", error->message);
}

/* Some thousand lines between the same nodes keep dot busy for longer than a second. */
TEST_F(Export, EndsADrawingThatTakesTooLong)
{
    g_autoptr(GError) error = NULL;
    std::string big         = "digraph {";

    for (int i = 0; i < 20000; i++)
        big += "n" + std::to_string(i * 7919 % 1500) + " -> n" + std::to_string(i * 104729 % 1499) +
               ";";
    int64_t start = g_get_monotonic_time();
    EXPECT_FALSE(gmq_export_write((big + "}").c_str(), path("x.svg").c_str(), 1, &error));
    EXPECT_LT(g_get_monotonic_time() - start, 5 * G_USEC_PER_SEC);
    EXPECT_TRUE(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << error->message;
    EXPECT_FALSE(g_file_test(path("x.svg").c_str(), G_FILE_TEST_EXISTS));
}

} // namespace
