/* Bytes that are nearly right: mutations of good ones, from a fixed seed. The sanitizers see what
 * is read outside; here, what is accepted must be written again as the same bytes. */
#include <gtest/gtest.h>

#include "core/base/limits.h"
#include "core/wire/properties.h"
#include "tests/core/wire/samples.h"

static const int rounds = 200000;

/* Marsaglia's xorshift64. */
class Chance {
  public:
    explicit Chance(uint64_t seed) : state(seed)
    {
    }

    size_t
    below(size_t limit)
    {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return static_cast<size_t>(state % limit);
    }

  private:
    uint64_t state;
};

/* One to four small wounds: a bit, an octet, a hole, a copy, an end. */
static std::vector<uint8_t>
mutated(const std::string &good, Chance *chance)
{
    static const uint8_t odd[] = {0, 1, 0x7F, 0x80, 0xFF, 'F', 'A', 'S'};
    std::vector<uint8_t> bad(good.begin(), good.end());

    for (size_t wounds = 1 + chance->below(4); wounds > 0 && !bad.empty(); wounds--) {
        size_t at = chance->below(bad.size());

        switch (chance->below(5)) {
        case 0:
            bad[at] ^= static_cast<uint8_t>(1 << chance->below(8));
            break;
        case 1:
            bad[at] = odd[chance->below(sizeof odd)];
            break;
        case 2:
            bad.erase(bad.begin() + at);
            break;
        case 3:
            bad.insert(bad.begin() + at, bad[chance->below(bad.size())]);
            break;
        default:
            bad.resize(at);
            break;
        }
    }
    bad.shrink_to_fit();
    return bad;
}

static GmqSlice
slice_of(const std::vector<uint8_t> &bytes)
{
    return GmqSlice{bytes.data(), bytes.size()};
}

TEST(Hostile, MethodsAreRefusedOrWrittenAgain)
{
    std::vector<std::string> good;
    Samples samples;
    Chance chance(1);
    int accepted = 0;

    for (GmqMethodId id : all_methods())
        good.push_back(encoded(samples.method(id, id)));
    for (int i = 0; i < rounds; i++) {
        std::vector<uint8_t> bad = mutated(good[chance.below(good.size())], &chance);
        GmqMethod method;
        GmqMethod again;
        GmqFault fault = {};

        if (!gmq_method_decode(slice_of(bad), &method, &fault)) {
            ASSERT_TRUE(fault.code == GMQ_REPLY_FRAME_ERROR ||
                        fault.code == GMQ_REPLY_NOT_IMPLEMENTED);
            continue;
        }
        g_autofree char *text = gmq_method_format(&method);
        ASSERT_TRUE(g_utf8_validate(text, -1, nullptr));
        std::string copy = encoded(method);
        ASSERT_TRUE(gmq_method_decode(slice_of(copy), &again, &fault));
        ASSERT_TRUE(same_method(method, again));
        accepted++;
    }
    EXPECT_GT(accepted, rounds / 20); /* else the mutations are too coarse to mean much */
}

TEST(Hostile, TablesAreRefusedOrWrittenAgain)
{
    Samples samples;
    std::string good = string_of(samples.sample_table(3));
    Chance chance(2);
    int accepted = 0;

    for (int i = 0; i < rounds; i++) {
        std::vector<uint8_t> bad = mutated(good, &chance);
        if (!gmq_table_check(slice_of(bad)))
            continue;

        g_auto(GmqBuffer) copy = {};
        GmqSlice rest          = slice_of(bad);
        GmqSlice name;
        GmqValue value;
        while (gmq_table_next(&rest, &name, &value))
            gmq_table_add(&copy, name, &value);
        g_autofree char *text = gmq_table_format(slice_of(bad));

        ASSERT_TRUE(g_utf8_validate(text, -1, nullptr));
        ASSERT_EQ(0u, rest.size);
        ASSERT_TRUE(gmq_table_equal(slice_of(bad), gmq_buffer_slice(&copy)));
        gmq_table_equal(slice_of(bad), slice_of(good));
        accepted++;
    }
    EXPECT_GT(accepted, rounds / 20);
}

TEST(Hostile, ContentHeadersAreRefusedOrWrittenAgain)
{
    Samples samples;
    GmqProperties properties = {};
    unsigned n               = 0;
#define PROPERTY(NAME, name, type) properties.name = samples.sample_##type(n++);
#include "core/wire/properties.def"
#undef PROPERTY
    Chance chance(3);
    int accepted = 0;

    for (int i = 0; i < rounds; i++) {
        g_auto(GmqBuffer) good = {};
        properties.present     = static_cast<uint16_t>(chance.below(1u << GMQ_N_PROPERTIES) << 2);
        gmq_properties_encode(&properties, i, &good);

        std::vector<uint8_t> bad = mutated(string_of(good), &chance);
        GmqProperties decoded;
        GmqFault fault = {};
        uint64_t body_size;
        if (!gmq_content_header_check(slice_of(bad), &body_size, &fault) ||
            !gmq_properties_decode(slice_of(bad), &decoded, &fault))
            continue;

        g_auto(GmqBuffer) copy = {};
        g_autofree char *text  = gmq_properties_format(&decoded);
        ASSERT_TRUE(g_utf8_validate(text, -1, nullptr));
        gmq_properties_encode(&decoded, body_size, &copy);
        ASSERT_EQ(std::string(bad.begin(), bad.end()), string_of(copy));
        accepted++;
    }
    EXPECT_GT(accepted, rounds / 20);
}

TEST(Hostile, FramesAreRefusedOrStayInsideTheirBytes)
{
    Samples samples;
    Chance chance(4);
    std::string good;

    for (GmqMethodId id : {GMQ_BASIC_ACK, GMQ_BASIC_PUBLISH, GMQ_QUEUE_DECLARE}) {
        g_auto(GmqBuffer) buffer = {};
        GmqMethod method         = samples.method(id, 1);

        gmq_method_add_frame(&method, 1, &buffer);
        good += string_of(buffer);
    }
    for (int i = 0; i < rounds; i++) {
        std::vector<uint8_t> bad = mutated(good, &chance);
        GmqSlice input           = slice_of(bad);
        GmqFrame frame;
        GmqFault fault;

        while (gmq_frame_read(&input, 4096, &frame, &fault) == GMQ_FRAME_READY) {
            ASSERT_GE(frame.payload.data, bad.data());
            ASSERT_LT(frame.payload.data + frame.payload.size, bad.data() + bad.size());
        }
        ASSERT_LE(input.size, bad.size());
    }
}
