/* What is imported outlives the broker as all else does: core/AMQP.md 26.1. */
#include <regex>

#include "core/server/definitions.h"
#include "tests/core/broker/durable.h"

class Amqp_26_1 : public Durable {
  protected:
    std::string
    exported() const
    {
        g_autoptr(GString) out = g_string_new(nullptr);
        GmqJson json           = {out, false};

        gmq_definitions_export(broker, &json);
        return out->str;
    }

    /* Imports what RabbitMQ exported, but all of it durable; "" or what is wrong. */
    std::string
    import_durable()
    {
        g_autoptr(JsonParser) parser = json_parser_new();
        g_autoptr(GError) error      = nullptr;
        g_autofree char *text        = nullptr;
        GmqDefinitionsCount count    = {};

        if (!g_file_get_contents(GMQ_SOURCE_ROOT "/tests/core/server/rabbitmq-definitions.json",
                                 &text, nullptr, &error))
            return error->message;
        std::string durable =
            std::regex_replace(text, std::regex("\"durable\": *false"), "\"durable\":true");
        if (!json_parser_load_from_data(parser, durable.data(), -1, &error) ||
            !gmq_definitions_import(broker, json_parser_get_root(parser), "/", &count, &error))
            return error->message;
        return "";
    }
};

TEST_F(Amqp_26_1, WhatWasImportedSurvivesARestart)
{
    ASSERT_EQ("", import_durable());
    std::string document = exported();
    std::string all      = describe();
    settle();

    crash();
    EXPECT_EQ(document, exported());
    EXPECT_EQ(all, describe());
    ASSERT_EQ("", import_durable()); /* changes nothing */
    EXPECT_EQ(document, exported());
}
