#include "core/server/config.h"

#include <gtest/gtest.h>
#include <string>

namespace {

class Config : public testing::Test {
  protected:
    void
    SetUp() override
    {
        gmq_config_init(&config);
    }

    void
    TearDown() override
    {
        gmq_config_clear(&config);
    }

    /* Returns the error; empty when all is right. */
    std::string
    read(const std::string &text)
    {
        g_autoptr(GError) error = nullptr;
        bool is_right           = gmq_config_read(&config, "f", text.data(), text.size(), &error);

        EXPECT_EQ(is_right, error == nullptr);
        return is_right ? "" : error->message;
    }

    GmqConfig config;
};

TEST_F(Config, HoldsWhatTheHelpSaysWithoutAFile)
{
    EXPECT_STREQ("localhost:5672", config.listeners[0]);
    EXPECT_EQ(nullptr, config.listeners[1]);
    EXPECT_EQ(60u, config.heartbeat_s);
    EXPECT_EQ(131072u, config.frame_max);
    EXPECT_EQ(2047u, config.channel_max);
    EXPECT_STREQ("", config.data);
    EXPECT_STREQ("default", config.profile);
    EXPECT_STREQ("/", config.default_vhost);
    EXPECT_STREQ("guest", config.default_user);
    EXPECT_STREQ("guest", config.default_password);
    EXPECT_STREQ("", config.users_file);
    EXPECT_EQ(0u, config.message_size_max);
    EXPECT_EQ(1800000u, config.consumer_timeout_ms);
    EXPECT_EQ(0u, config.consumers_max);
    EXPECT_EQ(0u, config.connections_max);
    EXPECT_GT(config.memory_limit, 10000000u);
}

TEST_F(Config, TakesNamesAndProfiles)
{
    EXPECT_EQ("", read("[broker]\nprofile=rabbitmq-4\n[users]\nfile=/u.json\n"
                       "default-vhost=v\ndefault-user=u\ndefault-password = p\\s\n"));
    EXPECT_STREQ("rabbitmq-4", config.profile);
    EXPECT_STREQ("/u.json", config.users_file);
    EXPECT_STREQ("v", config.default_vhost);
    EXPECT_STREQ("u", config.default_user);
    EXPECT_STREQ("p ", config.default_password);
}

TEST_F(Config, AShareOfTheMemoryIsAShare)
{
    EXPECT_EQ("", read("[limits]\nmemory = 100%\n"));
    uint64_t all = config.memory_limit;
    EXPECT_EQ("", read("[limits]\nmemory = 1 %\n"));
    EXPECT_EQ(all / 100, config.memory_limit);
}

TEST_F(Config, TakesAFileWithNothingInIt)
{
    EXPECT_EQ("", read(""));
    EXPECT_EQ("", read("# nothing\n\n   \n# more\n"));
}

TEST_F(Config, TakesEveryKind)
{
    EXPECT_EQ("", read("# ours\n[listeners]\namqp = 127.0.0.1:1 ; [::1]:2;\n\n"
                       "[limits]\n heartbeat=7 \nframe-max = 64 kib\nchannel-max=0\n"
                       "[broker]\ndata = /var/my\\sdata\n"));
    EXPECT_STREQ("127.0.0.1:1", config.listeners[0]);
    EXPECT_STREQ("[::1]:2", config.listeners[1]);
    EXPECT_EQ(nullptr, config.listeners[2]);
    EXPECT_EQ(7u, config.heartbeat_s);
    EXPECT_EQ(65536u, config.frame_max);
    EXPECT_EQ(0u, config.channel_max);
    EXPECT_STREQ("/var/my data", config.data);
}

TEST_F(Config, MayBeginAGroupAgainAndEndLinesAsWindowsDoes)
{
    EXPECT_EQ("", read("[limits]\r\nheartbeat=1\r\n[broker]\r\n[limits]\r\nchannel-max=5\r\n"));
    EXPECT_EQ(1u, config.heartbeat_s);
    EXPECT_EQ(5u, config.channel_max);
}

struct Wrong {
    const char *text;
    const char *error;
};

class ConfigWrong : public Config, public testing::WithParamInterface<Wrong> {};

TEST_P(ConfigWrong, IsRefusedWithItsLine)
{
    EXPECT_EQ(GetParam().error, read(GetParam().text));
}

INSTANTIATE_TEST_SUITE_P(
    Texts, ConfigWrong,
    testing::Values(
        Wrong{"[limit]\n", "f:1: there is no group [limit]: did you mean [limits]?"},
        Wrong{"\n\n[weather]\n", "f:3: there is no group [weather]"},
        Wrong{"[limits]\nhartbeat = 3\n",
              "f:2: there is no key hartbeat in [limits]: did you mean heartbeat?"},
        Wrong{"[limits]\ncolour = red\n", "f:2: there is no key colour in [limits]"},
        Wrong{"[limits]\namqp = *:5672\n", "f:2: there is no key amqp in [limits]"},
        Wrong{"[limits]\nheartbeat[de] = 1\n",
              "f:2: there is no key heartbeat[de] in [limits]: did you mean heartbeat?"},
        Wrong{"heartbeat = 3\n", "f:1: a key stands in a group: write its [name] above"},
        Wrong{"[limits\n", "f:1: a group is written [name]"},
        Wrong{"[\n", "f:1: a group is written [name]"}, Wrong{"[]\n", "f:1: there is no group []"},
        Wrong{"[limits]\nheartbeat\n", "f:2: a line is [group], key = value, or a # comment"},
        Wrong{"[limits]\n= 3\n", "f:2: a line is [group], key = value, or a # comment"},
        Wrong{"[broker]\ndata = a\\qb\n",
              "f:2: the value of data has a backslash in it that stands for nothing: write \\\\"},
        Wrong{"[limits]\nheartbeat=1\n\nheartbeat=2\n", "f:4: heartbeat was set in line 2 already"},
        Wrong{"[broker]\ndata = \xff\n", "f:2: this is not UTF-8"},
        Wrong{"[broker]\nprofile = rabbitmq-5\n",
              "f:2: profile takes one of default, rabbitmq-3.10, rabbitmq-3.13 and rabbitmq-4, not "
              "\"rabbitmq-5\""},
        Wrong{"[users]\ndefault-user =\n",
              "f:2: default-user takes a name of 1 to 255 bytes, not \"\""},
        Wrong{"[limits]\nmemory = 101%\n",
              "f:2: memory takes a share of the memory, as 40%, or a size, as 2GiB, or 0 for no "
              "limit, not \"101%\""},
        Wrong{"[listeners]\namqp =\n",
              "f:2: amqp takes one or more ADDRESS:PORT, parted by semicolons, not \"\""},
        Wrong{"[listeners]\namqp = a;;b\n",
              "f:2: amqp takes one or more ADDRESS:PORT, parted by semicolons, not \"a;;b\""}));

/* A value of a key, and what it becomes; -1 where it is refused. */
struct Value {
    const char *group;
    const char *key;
    const char *value;
    int64_t becomes;
    size_t offset;
};

class ConfigValue : public Config, public testing::WithParamInterface<Value> {};

TEST_P(ConfigValue, IsTakenOrRefused)
{
    const Value &value = GetParam();
    std::string error =
        read(std::string("[") + value.group + "]\n" + value.key + " = " + value.value + "\n");
    auto *field =
        reinterpret_cast<const uint64_t *>(reinterpret_cast<const char *>(&config) + value.offset);

    if (value.becomes < 0)
        EXPECT_EQ(0u, error.find(std::string("f:2: ") + value.key + " takes "))
            << value.value << ": " << error;
    else
        EXPECT_EQ(uint64_t(value.becomes), *field) << value.value << ": " << error;
}

#define VALUE(group, key, field, text, becomes)                                                    \
    Value                                                                                          \
    {                                                                                              \
        group, key, text, becomes, offsetof(GmqConfig, field)                                      \
    }

INSTANTIATE_TEST_SUITE_P(
    Limits, ConfigValue,
    testing::Values(VALUE("limits", "heartbeat", heartbeat_s, "0", 0),
                    VALUE("limits", "heartbeat", heartbeat_s, "1", 1),
                    VALUE("limits", "heartbeat", heartbeat_s, "65535", 65535),
                    VALUE("limits", "heartbeat", heartbeat_s, "65536", -1),
                    VALUE("limits", "heartbeat", heartbeat_s, "-1", -1),
                    VALUE("limits", "heartbeat", heartbeat_s, "60s", -1),
                    VALUE("limits", "heartbeat", heartbeat_s, "", -1),
                    VALUE("limits", "heartbeat", heartbeat_s, "0x10", -1),
                    VALUE("limits", "memory", memory_limit, "0", 0),
                    VALUE("limits", "memory", memory_limit, "2GiB", 2147483648),
                    VALUE("limits", "memory", memory_limit, "0%", -1),
                    VALUE("limits", "memory", memory_limit, "%", -1),
                    VALUE("limits", "consumer-timeout", consumer_timeout_ms, "0", 0),
                    VALUE("limits", "consumer-timeout", consumer_timeout_ms, "1", 1),
                    VALUE("limits", "consumer-timeout", consumer_timeout_ms, "2 s", 2000),
                    VALUE("limits", "consumer-timeout", consumer_timeout_ms, "3min", 180000),
                    VALUE("limits", "consumer-timeout", consumer_timeout_ms, "1h", 3600000),
                    VALUE("limits", "consumer-timeout", consumer_timeout_ms, "2d", 172800000),
                    VALUE("limits", "consumer-timeout", consumer_timeout_ms, "4294967295",
                          4294967295),
                    VALUE("limits", "consumer-timeout", consumer_timeout_ms, "4294967296", -1),
                    VALUE("limits", "consumer-timeout", consumer_timeout_ms, "50d", -1),
                    VALUE("limits", "consumer-timeout", consumer_timeout_ms, "5weeks", -1),
                    VALUE("limits", "message-size-max", message_size_max, "1", 1),
                    VALUE("limits", "message-size-max", message_size_max, "512MiB", 536870912),
                    VALUE("limits", "message-size-max", message_size_max, "536870913", -1),
                    VALUE("limits", "consumers-max", consumers_max, "4294967295", 4294967295),
                    VALUE("limits", "consumers-max", consumers_max, "4294967296", -1),
                    VALUE("limits", "connections-max", connections_max, "2147483647", 2147483647),
                    VALUE("limits", "connections-max", connections_max, "2147483648", -1),
                    VALUE("limits", "channel-max", channel_max, "1", 1),
                    VALUE("limits", "channel-max", channel_max, "65536", -1),
                    VALUE("limits", "frame-max", frame_max, "4096", 4096),
                    VALUE("limits", "frame-max", frame_max, "4095", -1),
                    VALUE("limits", "frame-max", frame_max, "0", 0),
                    VALUE("limits", "frame-max", frame_max, "4K", 4096),
                    VALUE("limits", "frame-max", frame_max, "5kb", 5000),
                    VALUE("limits", "frame-max", frame_max, "2147483647", 2147483647),
                    VALUE("limits", "frame-max", frame_max, "2GiB", -1),
                    VALUE("limits", "frame-max", frame_max, "1 MiB", 1048576),
                    VALUE("limits", "frame-max", frame_max, "1.5MiB", -1),
                    VALUE("limits", "frame-max", frame_max, "1 MiB x", -1),
                    VALUE("limits", "frame-max", frame_max, "99999999999999999999", -1),
                    VALUE("limits", "frame-max", frame_max, "18446744073709551615T", -1),
                    VALUE("limits", "frame-max", frame_max, "MiB", -1)));

TEST_F(Config, SaysWhatANumberMayBe)
{
    EXPECT_EQ("f:2: frame-max takes a size from 4KiB to 2147483647, or 0 for no limit, not \"x\"",
              read("[limits]\nframe-max=x"));
}

TEST_F(Config, HelpNamesEveryKeyWithWhatHoldsWithoutIt)
{
    g_autofree char *help = gmq_config_help();

    EXPECT_NE(nullptr, strstr(help, "[listeners]\n  amqp = localhost:5672 "));
    EXPECT_NE(nullptr, strstr(help, "  heartbeat = 60 "));
}

TEST_F(Config, AsATextIsReadAsItIs)
{
    ASSERT_EQ("", read("[broker]\nprofile = rabbitmq-4\n[limits]\nmemory = 70%\n"
                       "consumer-timeout = 1500ms\n[users]\ndefault-vhost = \\sa b\\\\c\\s\n"
                       "default-password = p=q#\\t\n"));
    uint64_t memory        = config.memory_limit;
    g_autofree char *text  = gmq_config_text(&config);
    g_autofree char *again = nullptr;

    gmq_config_clear(&config);
    gmq_config_init(&config);
    ASSERT_EQ("", read(text));
    EXPECT_STREQ("rabbitmq-4", config.profile);
    EXPECT_EQ(memory, config.memory_limit);
    EXPECT_EQ(1500u, config.consumer_timeout_ms);
    EXPECT_STREQ(" a b\\c ", config.default_vhost);
    EXPECT_STREQ("p=q#\t", config.default_password);
    again = gmq_config_text(&config);
    EXPECT_STREQ(text, again);
}

TEST_F(Config, AFileThatCannotBeReadIsNamed)
{
    g_autoptr(GError) error = nullptr;

    EXPECT_FALSE(gmq_config_load(&config, "/nowhere/at/all", &error));
    EXPECT_STREQ("cannot read the configuration /nowhere/at/all: No such file or directory",
                 error->message);
    g_clear_error(&error);
    EXPECT_FALSE(gmq_config_load(&config, "/tmp", &error));
    EXPECT_NE(nullptr, strstr(error->message, "cannot read the configuration /tmp: "));
}

} // namespace
