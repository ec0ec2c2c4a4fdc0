#include "core/broker/death.h"

#include "tests/core/broker/world.h"

static std::string
string_of(GmqSlice bytes)
{
    return FakeHost::to_string(bytes);
}

/* A message to the exchange "e" with key "k". */
static GmqMessage *
make_message(const std::string &headers, const char *expiration = nullptr)
{
    GmqProperties properties = {};
    GmqBuffer header         = {};

    if (!headers.empty())
        properties.present |= GMQ_PROPERTY_BIT(GMQ_PROPERTY_HEADERS);
    properties.headers = slice(headers);
    if (expiration != nullptr)
        properties.present |= GMQ_PROPERTY_BIT(GMQ_PROPERTY_EXPIRATION);
    properties.expiration = gmq_slice_of(expiration);
    gmq_properties_encode(&properties, 0, &header);

    GmqMessage *message =
        gmq_message_new(GMQ_SLICE("e"), GMQ_SLICE("k"), gmq_buffer_slice(&header), 0);
    gmq_buffer_clear(&header);
    return message;
}

/* The content header after a death in "q" of being rejected, at second 5. */
static std::string
header_after(const std::string &headers, int64_t expected_count = 1, bool is_key_changed = false,
             const char *expiration = nullptr)
{
    GmqMessage *message = make_message(headers, expiration);
    GmqBuffer header    = {};
    GmqDeath death      = {};

    death.queue          = GMQ_SLICE("q");
    death.reason         = "rejected";
    death.profile        = gmq_profile_default;
    death.time_s         = 5;
    death.is_key_changed = is_key_changed;
    EXPECT_EQ(expected_count, gmq_death_write_header(message, &death, &header));

    std::string bytes = string_of(gmq_buffer_slice(&header));
    gmq_buffer_clear(&header);
    gmq_message_unref(message);
    return bytes;
}

/* The inside of its header table. */
static std::string
headers_after(const std::string &headers, int64_t expected_count = 1, bool is_key_changed = false)
{
    std::string header = header_after(headers, expected_count, is_key_changed);
    GmqProperties properties;
    GmqFault fault;

    EXPECT_TRUE(gmq_properties_decode(slice(header), &properties, &fault)) << fault.text;
    EXPECT_TRUE(gmq_table_check(properties.headers));
    return string_of(properties.headers);
}

static std::string
text_of(const std::string &table)
{
    g_autofree char *text = gmq_table_format(slice(table));

    return text;
}

/* One type octet at a time, with lengths counted by hand. */
static std::string
bytes(std::initializer_list<std::string> parts)
{
    std::string all;

    for (const std::string &part : parts)
        all += part;
    return all;
}

static std::string
zeros(size_t count, char last)
{
    return std::string(count - 1, '\0') + last;
}

TEST(Death, TheHeaderOctetByOctet)
{
    std::string record = bytes({
        "\005count",
        "l",
        zeros(8, 1), /* 15 */
        "\006reason",
        "S",
        zeros(4, 8),
        "rejected", /* 20 */
        "\005queue",
        "S",
        zeros(4, 1),
        "q", /* 12 */
        "\004time",
        "T",
        zeros(8, 5), /* 14 */
        "\010exchange",
        "S",
        zeros(4, 1),
        "e", /* 15 */
        "\014routing-keys",
        "A",
        zeros(4, 6),
        "S",
        zeros(4, 1),
        "k", /* 24 */
        "\023original-expiration",
        "S",
        zeros(4, 2),
        "10", /* 27 */
    });
    ASSERT_EQ(127u, record.size());
    std::string table = bytes({
        "\007x-death", "A", zeros(4, static_cast<char>(132)), "F", zeros(4, 127), record, /* 145 */
        "\026x-first-death-exchange", "S", zeros(4, 1), "e",                              /* 29 */
        "\023x-first-death-queue", "S", zeros(4, 1), "q",                                 /* 26 */
        "\024x-first-death-reason", "S", zeros(4, 8), "rejected",                         /* 34 */
    });
    ASSERT_EQ(234u, table.size());
    std::string header = bytes({std::string("\0\074\0\0", 4), zeros(8, '\0'),
                                std::string("\040\0", 2), zeros(4, static_cast<char>(234)), table});

    EXPECT_EQ(header, header_after("", 1, false, "10"));
}

/* As RabbitMQ 3.10 has them after a death. */
TEST(Death, OtherHeadersKeepTheirBytesAndAreSortedByName)
{
    std::string a = Table().add("a", "text");
    std::string w = Table().add("w");
    std::string z = Table().add("z", GMQ_VALUE_U16, 7);

    std::string after = headers_after(z + w + a);
    EXPECT_EQ(0u, after.find(a + w));
    EXPECT_EQ(after.size() - z.size(), after.rfind(z));
}

TEST(Death, ASecondOneOfTheSameKindMovesToTheFrontAndCounts)
{
    std::string once  = headers_after("");
    std::string twice = headers_after(once, 2);

    EXPECT_EQ("{x-death: [{count: 2, exchange: e, queue: q, reason: rejected, routing-keys: [k], "
              "time: @5}], x-first-death-exchange: e, x-first-death-queue: q, "
              "x-first-death-reason: rejected}",
              text_of(twice));
    EXPECT_EQ(twice.size(), headers_after(twice, 3).size());
}

static GmqValue
array(std::string *storage, const std::vector<std::string> &tables)
{
    GmqBuffer inside = {};
    GmqValue value   = {};

    value.type = GMQ_VALUE_TABLE;
    for (const std::string &table : tables) {
        value.bytes = slice(table);
        gmq_array_add(&inside, &value);
    }
    *storage = string_of(gmq_buffer_slice(&inside));
    gmq_buffer_clear(&inside);
    value.type  = GMQ_VALUE_ARRAY;
    value.bytes = slice(*storage);
    return value;
}

/* A header x-death with those records. */
static std::string
history(const std::vector<std::string> &tables)
{
    std::string storage;
    GmqValue value = array(&storage, tables);

    return Table().add("x-death", value);
}

static std::string
record(const char *queue, const char *reason, int64_t count = 1)
{
    return Table().add("count", count).add("queue", queue).add("reason", reason);
}

TEST(Death, RecordsOfOneKindBecomeOne)
{
    EXPECT_EQ("{x-death: [{count: 6, queue: q, reason: rejected}, {count: 1, queue: o, reason: "
              "expired}]}",
              text_of(headers_after(history({record("q", "rejected", 5), record("o", "expired"),
                                             record("q", "rejected", 7)}),
                                    6)));
}

TEST(Death, AnotherReasonIsAnotherRecord)
{
    std::string after = text_of(headers_after(history({record("q", "expired", 4)})));

    EXPECT_NE(std::string::npos, after.find("}, {count: 4, queue: q, reason: expired}]")) << after;
}

TEST(Death, ACountStopsAtTheLargest)
{
    EXPECT_EQ("{x-death: [{count: 9223372036854775807, queue: q, reason: rejected}]}",
              text_of(headers_after(history({record("q", "rejected", INT64_MAX)}), INT64_MAX)));
}

TEST(Death, CcIsListedAndGoesWithAnotherKey)
{
    std::string cc = Table().add("CC", std::vector<std::string>{"one", "two"});

    EXPECT_NE(std::string::npos, text_of(headers_after(cc)).find("{CC: [one, two], x-death"));
    EXPECT_NE(std::string::npos, text_of(headers_after(cc)).find("routing-keys: [k, one, two]"));
    EXPECT_EQ(0u, text_of(headers_after(cc, 1, true)).find("{x-death"));
    EXPECT_NE(std::string::npos,
              text_of(headers_after(cc, 1, true)).find("routing-keys: [k, one, two]"));
}

TEST(Death, WhatIsNoArrayIsReplacedWithoutAFirstDeath)
{
    EXPECT_EQ("{x-death: [{count: 1, reason: rejected, queue: q, time: @5, exchange: e, "
              "routing-keys: [k]}]}",
              text_of(headers_after(Table().add("x-death", "foo"))));
}

/* ---- cycles ---- */

static bool
is_cycle(const std::string &headers, const char *queue = "q")
{
    GmqMessage *message = make_message(headers);
    bool is             = gmq_death_is_cycle(gmq_message_header(message), gmq_slice_of(queue));

    gmq_message_unref(message);
    return is;
}

TEST(Death, ARoundIsAnAutomaticWayBack)
{
    EXPECT_FALSE(is_cycle(""));
    EXPECT_FALSE(is_cycle(Table().add("x-death", "foo")));
    EXPECT_FALSE(is_cycle(history({record("o", "expired")})));
    EXPECT_TRUE(is_cycle(history({record("q", "expired")})));
    EXPECT_TRUE(is_cycle(history({record("o", "maxlen"), record("q", "expired")})));
}

TEST(Death, ARejectOnTheWayMakesItNone)
{
    EXPECT_FALSE(is_cycle(history({record("q", "rejected")})));
    EXPECT_FALSE(is_cycle(history({record("o", "rejected"), record("q", "expired")})));
    EXPECT_TRUE(is_cycle(history({record("q", "expired"), record("o", "rejected")})));
    EXPECT_FALSE(is_cycle(
        history({record("o", "expired"), record("q", "rejected"), record("q", "expired")})));
}

TEST(Death, WhatNoBrokerWroteMakesItNone)
{
    EXPECT_FALSE(is_cycle(Table().add("x-death", std::vector<std::string>{"q"})));
}
