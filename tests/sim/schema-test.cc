#include "sim/schema.h"

#include <gtest/gtest.h>
#include <json-glib/json-glib.h>

#include <string>

namespace {

bool
takes(const GmqKey &key, const char *word)
{
    return key.type != GMQ_KEY_LATER && strstr(key.values, word) != NULL;
}

class Schema : public testing::Test {
  protected:
    void
    SetUp() override
    {
        g_autoptr(GString) text = g_string_new(NULL);

        gmq_schema_add(text);
        parser = json_parser_new();
        ASSERT_TRUE(json_parser_load_from_data(parser, text->str, (gssize)text->len, NULL));
        parts = json_object_get_object_member(json_node_get_object(json_parser_get_root(parser)),
                                              "$defs");
    }

    void
    TearDown() override
    {
        g_object_unref(parser);
    }

    /* What the schema says of a key of a part. */
    JsonObject *
    key(const char *part, const char *name) const
    {
        JsonObject *keys =
            json_object_get_object_member(json_object_get_object_member(parts, part), "properties");

        return json_object_has_member(keys, name) ? json_object_get_object_member(keys, name)
                                                  : NULL;
    }

    std::string
    type(const char *part, const char *name) const
    {
        JsonNode *node =
            json_array_get_element(json_object_get_array_member(key(part, name), "allOf"), 0);
        g_autofree char *text = json_to_string(node, FALSE);

        return text;
    }

    JsonParser *parser = NULL;
    JsonObject *parts  = NULL;
};

} // namespace

TEST_F(Schema, KnowsWhatIsInsideOfEveryMapAndList)
{
    size_t n;
    const GmqKey *keys = gmq_keys(&n);

    for (size_t i = 0; i < n; i++) {
        bool is_more = takes(keys[i], "MAP") || takes(keys[i], "LIST");
        EXPECT_TRUE(!is_more || gmq_schema_knows(&keys[i])) << keys[i].owner << " " << keys[i].key;
    }
}

TEST_F(Schema, HasEveryPartAndOneClientForEachRole)
{
    EXPECT_EQ((unsigned)GMQ_N_OWNERS, json_object_get_size(parts));
    JsonObject *client = json_object_get_object_member(parts, "client");
    EXPECT_EQ((unsigned)GMQ_N_ROLES,
              json_array_get_length(json_object_get_array_member(client, "oneOf")));
}

TEST_F(Schema, SaysWhatAKeyTakes)
{
    EXPECT_EQ("{\"enum\":[\"all\",\"any\"]}", type("binding", "match"));
    EXPECT_NE(std::string::npos, type("link", "latency").find("(ns|us|ms|s|min)$"));
    EXPECT_NE(std::string::npos, type("scenario", "topology").find("#/$defs/topology"));
    EXPECT_STREQ("DURATION: one way; default 1ms",
                 json_object_get_string_member(key("link", "latency"), "description"));
}

TEST_F(Schema, HasNoKeyThatTheReaderDoesNotTake)
{
    size_t n;
    const GmqKey *keys = gmq_keys(&n);

    for (size_t i = 0; i < n; i++) {
        bool is_later = keys[i].type == GMQ_KEY_LATER && keys[i].owner == GMQ_IN_ENTRY;
        EXPECT_TRUE(!is_later || key("entry", keys[i].key) == NULL) << keys[i].key;
    }
    EXPECT_EQ(nullptr, key("link", "lattency"));
}
