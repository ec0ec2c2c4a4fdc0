/* Names, passwords, and who comes from where. */
#include "core/broker/user.h"

#include "tests/core/broker/world.h"

static bool
authenticate(const GmqBroker *broker, const std::string &user, const std::string &password,
             bool from_loopback)
{
    return gmq_broker_authenticate(broker, slice(user), slice(password), from_loopback);
}

TEST(User, KnowsItsPassword)
{
    FakeHost fake;
    g_autoptr(GmqUser) user =
        gmq_user_new(fake.host(), GMQ_SLICE("ann"), GMQ_SLICE("secret"), false);

    EXPECT_TRUE(gmq_user_check_password(user, GMQ_SLICE("secret")));
    for (const char *wrong : {"", "Secret", "secre", "secrets", " secret"})
        EXPECT_FALSE(gmq_user_check_password(user, gmq_slice_of(wrong))) << wrong;
    EXPECT_FALSE(gmq_user_check_password(user, slice(std::string("secret\0", 7))));
}

TEST(User, MayHaveAnEmptyPassword)
{
    FakeHost fake;
    g_autoptr(GmqUser) user = gmq_user_new(fake.host(), GMQ_SLICE("ann"), GMQ_SLICE(""), false);

    EXPECT_TRUE(gmq_user_check_password(user, GMQ_SLICE("")));
    EXPECT_FALSE(gmq_user_check_password(user, GMQ_SLICE("x")));
}

TEST(User, KeepsNoPasswordAndNoHashThatIsLikeAnothers)
{
    FakeHost fake;
    g_autoptr(GmqUser) ann = gmq_user_new(fake.host(), GMQ_SLICE("ann"), GMQ_SLICE("same"), false);
    g_autoptr(GmqUser) bert =
        gmq_user_new(fake.host(), GMQ_SLICE("bert"), GMQ_SLICE("same"), false);

    EXPECT_NE(0, memcmp(ann->salt, bert->salt, GMQ_SALT_SIZE));
    EXPECT_NE(0, memcmp(ann->hash, bert->hash, GMQ_HASH_SIZE));
}

TEST(User, HashesAsRabbitMqDoes)
{
    FakeHost fake;
    g_autoptr(GmqUser) user = gmq_user_new(fake.host(), GMQ_SLICE("ann"), GMQ_SLICE("x"), false);
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    uint8_t hash[GMQ_HASH_SIZE];
    gsize size = sizeof hash;

    g_checksum_update(checksum, user->salt, GMQ_SALT_SIZE);
    g_checksum_update(checksum, reinterpret_cast<const guchar *>("x"), 1);
    g_checksum_get_digest(checksum, hash, &size);
    EXPECT_EQ(0, memcmp(hash, user->hash, sizeof hash));
}

TEST(User, GuestComesFromThisMachineOnly)
{
    FakeHost fake;
    g_autoptr(GmqBroker) broker = gmq_broker_new(fake.host());

    EXPECT_TRUE(authenticate(broker, "guest", "guest", true));
    EXPECT_FALSE(authenticate(broker, "guest", "guest", false));
    EXPECT_FALSE(authenticate(broker, "guest", "wrong", true));
    EXPECT_FALSE(authenticate(broker, "Guest", "guest", true));
    EXPECT_FALSE(authenticate(broker, "", "", true));
}

TEST(Broker, HasOneVirtualHost)
{
    FakeHost fake;
    g_autoptr(GmqBroker) broker = gmq_broker_new(fake.host());

    EXPECT_NE(nullptr, gmq_broker_find_vhost(broker, GMQ_SLICE("/")));
    EXPECT_EQ(nullptr, gmq_broker_find_vhost(broker, GMQ_SLICE("")));
    EXPECT_EQ(nullptr, gmq_broker_find_vhost(broker, GMQ_SLICE("//")));
}

TEST(Broker, CountsMessagesFromOne)
{
    FakeHost fake;
    g_autoptr(GmqBroker) broker = gmq_broker_new(fake.host());

    EXPECT_EQ(1u, gmq_broker_next_message(broker));
    EXPECT_EQ(2u, gmq_broker_next_message(broker));
}
