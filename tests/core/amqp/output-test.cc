/* What a connection will send, against a plain text that is cut from the front. */
#include <gtest/gtest.h>

#include <deque>

#include "core/amqp/output.h"
#include "core/wire/properties.h"
#include "tests/core/chance.h"
#include "tests/core/fake-host.h"

static GmqSlice
slice(const std::string &text)
{
    return {reinterpret_cast<const uint8_t *>(text.data()), text.size()};
}

static GmqMessage *
message_of(const std::string &body)
{
    GmqProperties properties = {};
    g_auto(GmqBuffer) header = {};

    gmq_properties_encode(&properties, body.size(), &header);
    GmqMessage *message =
        gmq_message_new(GMQ_SLICE(""), GMQ_SLICE(""), gmq_buffer_slice(&header), body.size());
    gmq_message_add_body(&message, slice(body));
    return message;
}

class Output : public testing::Test {
  protected:
    Output() : peer(fake.add_peer())
    {
        gmq_output_init(&output, &pool);
    }

    ~Output() override
    {
        gmq_output_clear(&output);
        gmq_block_pool_clear(&pool);
        for (GmqMessage *message : messages) {
            EXPECT_EQ(1u, message->refs);
            gmq_message_unref(message);
        }
    }

    Output(const Output &)            = delete;
    Output &operator=(const Output &) = delete;

    void
    add(const std::string &bytes)
    {
        gmq_output_add(&output, slice(bytes));
        expected += bytes;
    }

    /* Reserves more than it uses in the end. */
    void
    reserve(const std::string &bytes, size_t more)
    {
        uint8_t *at = gmq_output_reserve(&output, bytes.size() + more);

        std::copy(bytes.begin(), bytes.end(), at);
        gmq_output_commit(&output, bytes.size());
        expected += bytes;
    }

    GmqMessage *
    lend(const std::string &bytes)
    {
        GmqMessage *message = message_of(bytes);

        gmq_output_add_lent(&output, message, gmq_message_body(message));
        messages.push_back(message);
        expected += bytes;
        return message;
    }

    /* The peer takes so much; returns whether what it got is the front of what was expected. */
    bool
    write(size_t room)
    {
        size_t size = std::min(room, expected.size());

        peer->room       = room;
        size_t sent      = gmq_output_write(&output, fake.host(), peer);
        std::string took = FakeHost::take_written(peer);
        bool is_right    = sent == size && took == expected.substr(0, size);
        expected.erase(0, size);
        return is_right && output.size == expected.size();
    }

    FakeHost fake;
    GmqPeer *peer;
    GmqBlockPool pool = {};
    GmqOutput output;
    std::string expected;
    std::deque<GmqMessage *> messages;
};

TEST_F(Output, SendsWhatWasAdded)
{
    add("hello ");
    reserve("world", 100);
    EXPECT_EQ(11u, output.size);
    EXPECT_TRUE(write(SIZE_MAX));
    EXPECT_EQ(nullptr, output.pieces) << "with nothing to send it holds nothing";
}

TEST_F(Output, KeepsWhatThePeerDoesNotTake)
{
    add("hello");
    EXPECT_TRUE(write(0));
    EXPECT_TRUE(write(2));
    add("!");
    EXPECT_TRUE(write(3));
    EXPECT_TRUE(write(100));
    EXPECT_EQ(0u, output.size);
}

TEST_F(Output, LendsBodiesUntilTheyAreSent)
{
    add("before ");
    GmqMessage *message = lend("lent");
    add(" behind");
    EXPECT_EQ(2u, message->refs);
    EXPECT_TRUE(write(8));
    EXPECT_EQ(2u, message->refs);
    EXPECT_TRUE(write(3));
    EXPECT_EQ(1u, message->refs);
    EXPECT_TRUE(write(SIZE_MAX));
}

TEST_F(Output, DropsWhatWasNotSent)
{
    add("before");
    lend("lent");
    add("behind");
    write(7);
    gmq_output_clear(&output);
    EXPECT_EQ(0u, output.size);
    expected.clear();
    add("anew");
    EXPECT_TRUE(write(SIZE_MAX));
}

TEST_F(Output, PutsSmallThingsAroundLentOnesIntoOneBlock)
{
    for (int i = 0; i < 50; i++) {
        add("small");
        lend("lent");
    }
    EXPECT_TRUE(write(SIZE_MAX));
    EXPECT_EQ(1u, pool.count);
}

TEST_F(Output, KeepsABoundedNumberOfEmptyBlocks)
{
    add(std::string(100 * GMQ_OUTPUT_BLOCK, 'x'));
    EXPECT_TRUE(write(SIZE_MAX));
    EXPECT_EQ(static_cast<unsigned>(GMQ_OUTPUT_SPARE), pool.count);
}

TEST_F(Output, MayBeWiderThanOneWrite)
{
    for (int i = 0; i < 1000; i++)
        lend(std::to_string(i));
    EXPECT_TRUE(write(1));
    EXPECT_TRUE(write(SIZE_MAX));
}

TEST_F(Output, DoesNotCollectPiecesThatAreThrough)
{
    for (int i = 0; i < 10000; i++) {
        lend("0123456789");
        EXPECT_TRUE(write(10 - (i < 5)));
    }
    EXPECT_LT(output.pieces->len, 1000u);
}

TEST_F(Output, AgreesWithATextOnRandomOperations)
{
    for (uint64_t seed = 1; seed <= 40; seed++) {
        Chance chance(seed);

        for (int i = 0; i < 500; i++) {
            size_t small = chance.below(200);
            size_t large = chance.below(3 * GMQ_OUTPUT_BLOCK);

            switch (chance.below(8)) {
            case 0:
                add(chance.bytes(chance.one_in(10) ? large : small));
                break;
            case 1:
                add("");
                break;
            case 2:
            case 3:
                reserve(chance.bytes(small), chance.below(3000));
                break;
            case 4:
                lend(chance.bytes(chance.one_in(5) ? large : 1 + small));
                break;
            case 5:
                ASSERT_TRUE(write(chance.below(2)));
                break;
            case 6:
                ASSERT_TRUE(write(small));
                break;
            default:
                ASSERT_TRUE(write(chance.one_in(4) ? SIZE_MAX : 2 * large));
                break;
            }
        }
        ASSERT_TRUE(write(SIZE_MAX));
    }
}
