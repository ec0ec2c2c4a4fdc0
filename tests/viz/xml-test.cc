#include "viz/xml.h"

#include <gtest/gtest.h>

#include <string>

namespace {

std::string
escape(const std::string &text)
{
    g_autofree char *escaped = gmq_xml_escape(text.c_str());
    return escaped;
}

std::string
shorten(const std::string &text, unsigned columns)
{
    g_autofree char *shortened = gmq_xml_shorten(text.c_str(), columns);
    return shortened;
}

void
collect_text(GMarkupParseContext *, const char *text, gsize size, gpointer out, GError **)
{
    static_cast<std::string *>(out)->append(text, size);
}

/* What a reader of XML finds where the text stands between two tags. */
std::string
read_back(const std::string &text)
{
    GMarkupParser parser    = {};
    std::string found       = "";
    std::string document    = "<a>" + escape(text) + "</a>";
    g_autoptr(GError) error = NULL;
    parser.text             = collect_text;
    g_autoptr(GMarkupParseContext) context =
        g_markup_parse_context_new(&parser, (GMarkupParseFlags)0, &found, NULL);

    EXPECT_TRUE(g_markup_parse_context_parse(context, document.c_str(), -1, &error) &&
                g_markup_parse_context_end_parse(context, &error))
        << document << ": " << error->message;
    return found;
}

struct Escaped {
    const char *text;
    const char *escaped;
};

class XmlEscape : public testing::TestWithParam<Escaped> {};

TEST_P(XmlEscape, GivesTextThatMeansNothingButItself)
{
    EXPECT_EQ(GetParam().escaped, escape(GetParam().text));
}

INSTANTIATE_TEST_SUITE_P(
    Xml, XmlEscape,
    testing::Values(Escaped{"", ""}, Escaped{"plain orders.eu-1", "plain orders.eu-1"},
                    Escaped{"<b>", "&lt;b&gt;"}, Escaped{"R&D;", "R&amp;D;"},
                    Escaped{"say \"it's\"", "say &quot;it&#39;s&quot;"},
                    Escaped{"&amp;", "&amp;amp;"}, Escaped{"]]>", "]]&gt;"},
                    Escaped{"<!-- --><![CDATA[", "&lt;!-- --&gt;&lt;![CDATA["},
                    Escaped{"a\nb\tc\rd", "a\uFFFDb\uFFFDc\uFFFDd"},
                    Escaped{"\x01\x1b[2J\x7f", "\uFFFD\uFFFD[2J\uFFFD"},
                    Escaped{"\u0085\u009b", "\uFFFD\uFFFD"}, Escaped{"\xff\xfe", "\uFFFD\uFFFD"},
                    Escaped{"cut \xe2\x82", "cut \uFFFD\uFFFD"},
                    Escaped{"\xed\xa0\x80", "\uFFFD\uFFFD\uFFFD"},
                    Escaped{"\uFFFE\uFFFF", "\uFFFD\uFFFD"},
                    Escaped{"left \u202Ethgir\u202C", "left \uFFFDthgir\uFFFD"},
                    Escaped{"\u2066a\u2069", "\uFFFDa\uFFFD"}, Escaped{"a\u2028b", "a\uFFFDb"},
                    Escaped{"\u05e9\u05dc\u05d5\u05dd", "\u05e9\u05dc\u05d5\u05dd"},
                    Escaped{"\u0645\u0631\u062d\u0628\u0627", "\u0645\u0631\u062d\u0628\u0627"},
                    Escaped{"\U0001F407 q", "\U0001F407 q"}));

TEST(Xml, IsReadBackAsItWasMeant)
{
    for (const char *text : {"<&>\"'", "\u05e9\U0001F407", "]]>", "&#0;", "</a><a>"})
        EXPECT_EQ(text, read_back(text));
}

TEST(Xml, TakesEveryByte)
{
    for (int byte = 1; byte < 256; byte++)
        read_back(std::string("a") + (char)byte + "b");
}

TEST(Xml, KeepsLongNamesWhole)
{
    std::string name(255, '"');

    EXPECT_EQ(name, read_back(name));
    EXPECT_EQ(255u, gmq_xml_columns(name.c_str()));
}

TEST(Xml, CountsColumnsAsATerminalDoes)
{
    EXPECT_EQ(0u, gmq_xml_columns(""));
    EXPECT_EQ(2u, gmq_xml_columns("\u4e2d"));
    EXPECT_EQ(1u, gmq_xml_columns("e\u0301"));
    EXPECT_EQ(3u, gmq_xml_columns("a\nb"));
    EXPECT_EQ(2u, gmq_xml_columns("\xff\xff"));
}

TEST(Xml, ShortensInTheMiddle)
{
    EXPECT_EQ("orders", shorten("orders", 6));
    EXPECT_EQ("ord\u2026rs", shorten("orders.of.users", 6));
    EXPECT_EQ("o\u2026s", shorten("orders", 3));
    EXPECT_EQ("\u2026", shorten("orders", 1));
    EXPECT_EQ("", shorten("", 1));
}

/* A wide character that would only fit by half is left out, and marks stay on their letter. */
TEST(Xml, NeverShortensToMoreThanItMay)
{
    std::string wide = "\u4e2d\u4e2d\u4e2d\u4e2d", marks = "e\u0301e\u0301e\u0301e\u0301";

    for (unsigned columns = 1; columns < 9; columns++)
        EXPECT_LE(gmq_xml_columns(shorten(wide, columns).c_str()), columns) << columns;
    EXPECT_EQ("e\u0301\u2026e\u0301", shorten(marks, 3));
}

} // namespace
