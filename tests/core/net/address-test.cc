#include "core/net/address.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

std::string
text_of(const GmqAddress &address)
{
    char text[GMQ_ADDRESS_TEXT_MAX];

    return gmq_address_text(&address, text);
}

struct Good {
    const char *text;
    std::vector<std::string> addresses;
};

class GoodEndpoint : public testing::TestWithParam<Good> {};

TEST_P(GoodEndpoint, IsReadAsItsAddresses)
{
    GmqEndpoint endpoint;
    std::vector<std::string> addresses;

    ASSERT_TRUE(gmq_endpoint_parse(GetParam().text, &endpoint, nullptr));
    for (unsigned i = 0; i < endpoint.n_addresses; i++)
        addresses.push_back(text_of(endpoint.addresses[i]));
    EXPECT_EQ(GetParam().addresses, addresses);
}

INSTANTIATE_TEST_SUITE_P(Address, GoodEndpoint,
                         testing::Values(Good{"127.0.0.1:5672", {"127.0.0.1:5672"}},
                                         Good{"0.0.0.0:0", {"0.0.0.0:0"}},
                                         Good{"10.1.2.3:65535", {"10.1.2.3:65535"}},
                                         Good{"[::1]:5672", {"[::1]:5672"}},
                                         Good{"[2001:DB8::0:7]:1", {"[2001:db8::7]:1"}},
                                         Good{"localhost:5672", {"127.0.0.1:5672", "[::1]:5672"}},
                                         Good{"*:0", {"0.0.0.0:0", "[::]:0"}}));

class BadEndpoint : public testing::TestWithParam<const char *> {};

TEST_P(BadEndpoint, IsRefusedWithItsText)
{
    GmqEndpoint endpoint;
    g_autoptr(GError) error = nullptr;

    EXPECT_FALSE(gmq_endpoint_parse(GetParam(), &endpoint, &error));
    ASSERT_NE(nullptr, error);
    EXPECT_NE(nullptr, strstr(error->message, GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Address, BadEndpoint,
                         testing::Values("", ":", "5672", "127.0.0.1", "127.0.0.1:", ":5672",
                                         "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1: 5",
                                         "127.0.0.1:5x", "127.0.0:5672", "256.0.0.1:5672", "::1",
                                         "::1:5672", "[::1]", "[::1:5672", "::1]:5672", "[]:5672",
                                         "[127.0.0.1]:5672", "[localhost]:5672", "[::g]:5672",
                                         "localhos:5672", "example.org:5672", "*", "**:5672"));

TEST(Address, KnowsLoopbackOfBothFamilies)
{
    static const struct {
        const char *text;
        bool is_loopback;
    } cases[] = {
        {"127.0.0.1:1", true}, {"127.255.255.254:1", true}, {"128.0.0.1:1", false},
        {"10.0.0.1:1", false}, {"[::1]:1", true},           {"[::2]:1", false},
        {"0.0.0.0:1", false},  {"[::]:1", false},
    };

    for (const auto &each : cases) {
        GmqEndpoint endpoint;
        ASSERT_TRUE(gmq_endpoint_parse(each.text, &endpoint, nullptr));
        EXPECT_EQ(each.is_loopback, gmq_address_is_loopback(&endpoint.addresses[0])) << each.text;
    }
}

TEST(Address, TakesAnotherPort)
{
    GmqEndpoint endpoint;

    ASSERT_TRUE(gmq_endpoint_parse("localhost:1", &endpoint, nullptr));
    for (unsigned i = 0; i < 2; i++) {
        gmq_address_set_port(&endpoint.addresses[i], 61616);
        EXPECT_EQ(61616, gmq_address_port(&endpoint.addresses[i]));
    }
    EXPECT_EQ("127.0.0.1:61616", text_of(endpoint.addresses[0]));
    EXPECT_EQ("[::1]:61616", text_of(endpoint.addresses[1]));
}

} // namespace
