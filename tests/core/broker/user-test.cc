/* Names, passwords, tags and limits, and who comes from where. */
#include "core/broker/user.h"

#include "tests/core/broker/world.h"

class User : public World {
  protected:
    std::string
    add(const std::string &name)
    {
        GError *error = nullptr;

        user = gmq_broker_add_user(broker, slice(name), &error);
        return told(user != nullptr, error);
    }

    std::string
    remove(const std::string &name)
    {
        GError *error = nullptr;
        return told(gmq_broker_remove_user(broker, slice(name), &error), error);
    }

    std::string
    set_hash(const std::string &base64)
    {
        GError *error = nullptr;
        return told(gmq_user_set_password_hash(user, base64.c_str(), &error), error);
    }

    std::string
    hash() const
    {
        g_autofree char *text = gmq_user_password_hash(user);
        return text;
    }

    std::string
    set_limit(const std::string &name, int64_t value)
    {
        GError *error = nullptr;
        return told(gmq_user_set_limit(user, slice(name), value, &error), error);
    }

    bool
    may_log_in(const std::string &name, const std::string &password, bool from_loopback = true)
    {
        return gmq_broker_authenticate(broker, slice(name), slice(password), from_loopback) !=
               nullptr;
    }

    std::vector<std::string>
    names() const
    {
        std::vector<std::string> found;

        for (const GList *link = gmq_broker_users(broker)->head; link != nullptr; link = link->next)
            found.push_back(FakeHost::to_string(static_cast<const GmqUser *>(link->data)->name));
        return found;
    }

    GmqUser *user = nullptr;
};

class Amqp_8_13 : public User {};

TEST_F(User, KnowsItsPassword)
{
    ASSERT_EQ("", add("ann"));
    gmq_user_set_password(user, GMQ_SLICE("secret"));

    EXPECT_TRUE(gmq_user_check_password(user, GMQ_SLICE("secret")));
    for (const char *wrong : {"", "Secret", "secre", "secrets", " secret"})
        EXPECT_FALSE(gmq_user_check_password(user, gmq_slice_of(wrong))) << wrong;
    EXPECT_FALSE(gmq_user_check_password(user, slice(std::string("secret\0", 7))));
}

TEST_F(User, HasNoPasswordAtFirst)
{
    ASSERT_EQ("", add("ann"));

    EXPECT_EQ("", hash());
    EXPECT_FALSE(may_log_in("ann", ""));
    EXPECT_FALSE(may_log_in("ann", "ann"));
}

TEST_F(Amqp_8_13, CannotLogInWithAnEmptyPassword)
{
    ASSERT_EQ("", add("ann"));
    gmq_user_set_password(user, GMQ_SLICE(""));

    EXPECT_FALSE(may_log_in("ann", ""));
}

TEST_F(Amqp_8_13, MayLoseItsPassword)
{
    ASSERT_EQ("", add("ann"));
    gmq_user_set_password(user, GMQ_SLICE("secret"));
    ASSERT_TRUE(may_log_in("ann", "secret"));

    EXPECT_EQ("", set_hash(""));
    EXPECT_FALSE(may_log_in("ann", "secret"));
}

TEST_F(User, KeepsNoPasswordAndNoHashThatIsLikeAnothers)
{
    ASSERT_EQ("", add("ann"));
    gmq_user_set_password(user, GMQ_SLICE("same"));
    std::string anns = hash();
    ASSERT_EQ("", add("bert"));
    gmq_user_set_password(user, GMQ_SLICE("same"));

    EXPECT_NE(anns, hash());
    EXPECT_NE(anns.substr(8), hash().substr(8)) << "the salt is part of the hash";
}

/* The hash that RabbitMQ's documentation works out for the password test12. */
TEST_F(Amqp_8_13, HashesAsRabbitMqDoes)
{
    ASSERT_EQ("", add("ann"));
    ASSERT_EQ("", set_hash("kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"));

    EXPECT_TRUE(may_log_in("ann", "test12"));
    EXPECT_FALSE(may_log_in("ann", "test1"));
    EXPECT_EQ("kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR", hash());
}

TEST_F(User, RefusesWhatIsNoHash)
{
    const std::string no_hash = "the password hash of user 'ann' is not what "
                                "rabbit_password_hashing_sha256 makes: 36 bytes in base64";
    ASSERT_EQ("", add("ann"));
    gmq_user_set_password(user, GMQ_SLICE("secret"));

    EXPECT_EQ(no_hash, set_hash("secret"));
    EXPECT_EQ(no_hash, set_hash("AAAA"));
    EXPECT_EQ(no_hash, set_hash("kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2PO"));
    EXPECT_EQ(no_hash, set_hash("kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR\n"));
    EXPECT_TRUE(may_log_in("ann", "secret")) << "nothing has changed";
}

TEST_F(User, GuestComesFromThisMachineOnly)
{
    EXPECT_TRUE(may_log_in("guest", "guest", true));
    EXPECT_FALSE(may_log_in("guest", "guest", false));
    EXPECT_FALSE(may_log_in("guest", "wrong", true));
    EXPECT_FALSE(may_log_in("Guest", "guest", true));
    EXPECT_FALSE(may_log_in("", "", true));
}

TEST_F(Amqp_8_13, GuestIsAnAdministrator)
{
    const GmqUser *guest = gmq_broker_find_user(broker, GMQ_SLICE("guest"));

    EXPECT_TRUE(gmq_user_has_tag(guest, GMQ_TAG_ADMINISTRATOR));
    EXPECT_FALSE(guest->is_impersonator);
}

TEST_F(User, GuestStaysAtHomeWhoeverMakesHim)
{
    ASSERT_EQ("", remove("guest"));
    ASSERT_EQ("", add("guest"));
    gmq_user_set_password(user, GMQ_SLICE("secret"));

    EXPECT_TRUE(may_log_in("guest", "secret", true));
    EXPECT_FALSE(may_log_in("guest", "secret", false));
}

TEST_F(User, OthersComeFromAnywhere)
{
    ASSERT_EQ("", add("ann"));
    gmq_user_set_password(user, GMQ_SLICE("secret"));

    EXPECT_TRUE(may_log_in("ann", "secret", false));
}

TEST_F(User, StandsInOrderOfCreation)
{
    for (const char *name : {"zoe", "ann", "bert"})
        ASSERT_EQ("", add(name));
    EXPECT_EQ((std::vector<std::string>{"guest", "zoe", "ann", "bert"}), names());

    EXPECT_EQ("", remove("ann"));
    EXPECT_EQ((std::vector<std::string>{"guest", "zoe", "bert"}), names());
    EXPECT_EQ(nullptr, gmq_broker_find_user(broker, GMQ_SLICE("ann")));
    EXPECT_EQ("", add("ann"));
    EXPECT_EQ((std::vector<std::string>{"guest", "zoe", "bert", "ann"}), names());
}

TEST_F(User, NeedsANameOfItsOwn)
{
    EXPECT_EQ("user 'guest' exists already", add("guest"));
    EXPECT_EQ("a user needs a name", add(""));
    EXPECT_EQ("the name of a user is UTF-8 of at most 255 bytes, none of them 0",
              add(std::string(256, 'x')));
    EXPECT_EQ("the name of a user is UTF-8 of at most 255 bytes, none of them 0", add("\xff"));
    EXPECT_EQ("the name of a user is UTF-8 of at most 255 bytes, none of them 0",
              add(std::string("a\0b", 3)));
    EXPECT_EQ("", add(std::string(255, 'x')));
}

TEST_F(User, ThatIsMissingCannotGo)
{
    GError *error = nullptr;

    EXPECT_EQ("there is no user 'ann'", remove("ann"));
    EXPECT_EQ(nullptr, gmq_broker_need_user(broker, GMQ_SLICE("ann"), &error));
    EXPECT_EQ("there is no user 'ann'", told(false, error));
}

TEST_F(User, HasTagsInTheirOrder)
{
    const char *const tags[] = {"policymaker", "", "red", "policymaker", "impersonator", nullptr};
    const char *const none[] = {nullptr};
    ASSERT_EQ("", add("ann"));

    gmq_user_set_tags(user, tags);
    ASSERT_EQ(3u, user->tags->len);
    EXPECT_STREQ("policymaker", static_cast<const char *>(g_ptr_array_index(user->tags, 0)));
    EXPECT_STREQ("red", static_cast<const char *>(g_ptr_array_index(user->tags, 1)));
    EXPECT_TRUE(gmq_user_has_tag(user, "red"));
    EXPECT_FALSE(gmq_user_has_tag(user, "Red"));
    EXPECT_TRUE(user->is_impersonator);

    gmq_user_set_tags(user, none);
    EXPECT_EQ(0u, user->tags->len);
    EXPECT_FALSE(user->is_impersonator);
}

TEST_F(User, HasLimitsByName)
{
    ASSERT_EQ("", add("ann"));
    EXPECT_EQ(-1, user->limits[GMQ_USER_LIMIT_CONNECTIONS]);

    EXPECT_EQ("", set_limit("max-connections", 3));
    EXPECT_EQ("", set_limit("max-channels", 0));
    EXPECT_EQ(3, user->limits[GMQ_USER_LIMIT_CONNECTIONS]);
    EXPECT_EQ(0, user->limits[GMQ_USER_LIMIT_CHANNELS]);
    EXPECT_EQ("", set_limit("max-connections", -7));
    EXPECT_EQ(-1, user->limits[GMQ_USER_LIMIT_CONNECTIONS]);

    EXPECT_EQ("there is no limit 'max-chanels'; did you mean 'max-channels'?",
              set_limit("max-chanels", 1));
    EXPECT_STREQ("max-connections", gmq_user_limit_name(GMQ_USER_LIMIT_CONNECTIONS));
    EXPECT_STREQ("max-channels", gmq_user_limit_name(GMQ_USER_LIMIT_CHANNELS));
}

TEST(Broker, CountsMessagesFromOne)
{
    FakeHost fake;
    g_autoptr(GmqBroker) broker = gmq_broker_new(fake.host());

    const uint8_t header[GMQ_CONTENT_HEADER_FIXED] = {0, 60};

    for (uint64_t number = 1; number <= 2; number++) {
        GmqMessage *message =
            gmq_message_new(GMQ_SLICE(""), GMQ_SLICE("q"), {header, sizeof header}, 0);

        gmq_broker_admit(broker, message);
        EXPECT_EQ(number, message->number);
        gmq_message_unref(message);
    }
}
