/* What a user may do where. */
#include "core/broker/permission.h"

#include "core/broker/user.h"
#include "tests/core/broker/world.h"

class Permission : public World {
  protected:
    Permission()
        : ann(gmq_broker_add_user(broker, GMQ_SLICE("ann"), nullptr)),
          other(gmq_broker_add_vhost(broker, GMQ_SLICE("other"), nullptr))
    {
    }

    std::string
    permit(const std::string &configure, const std::string &write, const std::string &read)
    {
        GError *error = nullptr;
        bool is_done  = gmq_user_set_permission(ann, vhost, configure.c_str(), write.c_str(),
                                                read.c_str(), &error);
        return told(is_done, error);
    }

    std::string
    permit_topic(const std::string &exchange, const std::string &write, const std::string &read)
    {
        GError *error = nullptr;
        bool is_done  = gmq_user_set_topic_permission(ann, vhost, slice(exchange), write.c_str(),
                                                      read.c_str(), &error);
        return told(is_done, error);
    }

    /* Which of configure, write and read the user may do with the name: "cwr". */
    std::string
    allowed(const std::string &name) const
    {
        std::string letters;

        for (int access = 0; access < GMQ_N_ACCESSES; access++) {
            if (gmq_user_may(ann, vhost, static_cast<GmqAccess>(access), slice(name)))
                letters += "cwr"[access];
        }
        return letters;
    }

    std::string
    write_topic(const std::string &exchange, const std::string &key)
    {
        return outcome(gmq_user_check_topic(ann, vhost, GMQ_ACCESS_WRITE, slice(exchange),
                                            slice(key), &fault));
    }

    bool
    may_write_topic(const std::string &exchange, const std::string &key)
    {
        return write_topic(exchange, key).empty();
    }

    GmqUser *ann;
    GmqVhost *other;
};

TEST_F(Permission, IsNoneAtFirst)
{
    EXPECT_EQ(nullptr, gmq_user_find_permission(ann, vhost));
    EXPECT_EQ("", allowed("q"));
}

TEST_F(Permission, GuestMayDoEverythingInTheFirstVirtualHost)
{
    ann = gmq_broker_find_user(broker, GMQ_SLICE("guest"));

    EXPECT_EQ("cwr", allowed("q"));
    EXPECT_EQ("cwr", allowed("line\nline"));
    vhost = other;
    EXPECT_EQ("", allowed("q"));
}

TEST_F(Permission, IsForOneVirtualHost)
{
    ASSERT_EQ("", permit(".*", ".*", ".*"));
    ASSERT_EQ("cwr", allowed("q"));

    vhost = other;
    EXPECT_EQ("", allowed("q"));
}

TEST_F(Permission, HasThreePatterns)
{
    ASSERT_EQ("", permit("^c", "^.w", "r$"));

    EXPECT_EQ("c", allowed("c"));
    EXPECT_EQ("w", allowed("xw"));
    EXPECT_EQ("r", allowed("xr"));
    EXPECT_EQ("cwr", allowed("cwr"));
}

TEST_F(Permission, IsLookedForAnywhereInTheName)
{
    ASSERT_EQ("", permit("orders", "^orders", "^orders$"));

    EXPECT_EQ("cwr", allowed("orders"));
    EXPECT_EQ("cw", allowed("orders2"));
    EXPECT_EQ("c", allowed("my-orders2"));
    EXPECT_EQ("", allowed("Orders"));
}

TEST_F(Permission, IsAboutBytes)
{
    ASSERT_EQ("", permit("^.$", "^..$", "^\xc3\xa9$"));

    EXPECT_EQ("wr", allowed("\xc3\xa9"));
    EXPECT_EQ("c", allowed("\xff"));
}

TEST_F(Permission, IsReplacedAsAWhole)
{
    ASSERT_EQ("", permit("a", "a", "a"));
    ASSERT_EQ("", permit("b", "", "a"));

    EXPECT_EQ("r", allowed("a"));
    EXPECT_EQ("c", allowed("b"));
    EXPECT_EQ(1u, ann->permissions.length);
}

TEST_F(Permission, MayBeTakenAway)
{
    ASSERT_EQ("", permit(".*", ".*", ".*"));

    EXPECT_TRUE(gmq_user_clear_permission(ann, vhost));
    EXPECT_EQ("", allowed("q"));
    EXPECT_FALSE(gmq_user_clear_permission(ann, vhost));
}

TEST_F(Permission, RefusesABadPatternAndKeepsTheOldOnes)
{
    ASSERT_EQ("", permit("a", "a", "a"));

    EXPECT_NE(std::string::npos, permit("b", "b", "[").find("missing terminating ]"));
    EXPECT_NE(std::string::npos, permit("(", "b", "b").find("missing"));
    EXPECT_EQ("cwr", allowed("a"));
    EXPECT_EQ("", allowed("b"));
    EXPECT_NE("", permit_topic("amq.topic", "a", "("));
    EXPECT_EQ(0u, ann->topic_permissions.length);
}

TEST_F(Permission, ThatTakesTooLongIsNone)
{
    ASSERT_EQ("", permit("^(a+)+$", "", ""));

    EXPECT_EQ("", allowed(std::string(200, 'a') + "b"));
}

TEST_F(Permission, ChangesWhatPublishersRemember)
{
    uint64_t before = vhost->topology;

    ASSERT_EQ("", permit(".*", ".*", ".*"));
    EXPECT_NE(before, vhost->topology);
    before = vhost->topology;
    gmq_user_clear_permission(ann, vhost);
    EXPECT_NE(before, vhost->topology);
    before = vhost->topology;
    ASSERT_EQ("", permit_topic("amq.topic", "", ""));
    EXPECT_NE(before, vhost->topology);
    before = vhost->topology;
    gmq_user_clear_topic_permissions(ann, vhost, GMQ_SLICE("amq.topic"));
    EXPECT_NE(before, vhost->topology);
}

TEST_F(Permission, GoesWithItsVirtualHost)
{
    vhost = other;
    ASSERT_EQ("", permit(".*", ".*", ".*"));
    ASSERT_EQ("", permit_topic("amq.topic", ".*", ".*"));
    vhost = gmq_broker_find_vhost(broker, GMQ_SLICE("/"));
    ASSERT_EQ("", permit("a", "a", "a"));

    ASSERT_TRUE(gmq_broker_remove_vhost(broker, GMQ_SLICE("other"), nullptr));
    EXPECT_EQ(1u, ann->permissions.length);
    EXPECT_EQ(0u, ann->topic_permissions.length);
}

TEST_F(Permission, GoesWithItsUser)
{
    ASSERT_EQ("", permit(".*", ".*", ".*"));
    ASSERT_EQ("", permit_topic("amq.topic", ".*", ".*"));

    ASSERT_TRUE(gmq_broker_remove_user(broker, GMQ_SLICE("ann"), nullptr));
    ann = gmq_broker_add_user(broker, GMQ_SLICE("ann"), nullptr);
    EXPECT_EQ("", allowed("q"));
}

TEST_F(Permission, AreListedInOrder)
{
    ASSERT_TRUE(gmq_user_set_permission(ann, other, "1", "2", "3", nullptr));
    ASSERT_TRUE(gmq_user_set_permission(ann, vhost, "", ".*", "", nullptr));
    ASSERT_TRUE(gmq_user_set_permission(ann, other, "4", "5", "6", nullptr));

    auto *first  = static_cast<const GmqPermission *>(ann->permissions.head->data);
    auto *second = static_cast<const GmqPermission *>(ann->permissions.head->next->data);
    EXPECT_EQ(other, first->vhost);
    EXPECT_STREQ("5", first->patterns[GMQ_ACCESS_WRITE].text);
    EXPECT_EQ(vhost, second->vhost);
    EXPECT_STREQ("", second->patterns[GMQ_ACCESS_READ].text);
}

/* ---- topics ---- */

class Amqp_8_12 : public Permission {};

TEST_F(Amqp_8_12, ATopicPermissionIsFreeAtFirst)
{
    EXPECT_TRUE(may_write_topic("amq.topic", "any.key"));
}

TEST_F(Amqp_8_12, ATopicPermissionIsForOneExchange)
{
    ASSERT_EQ("", permit_topic("amq.topic", "^a", "^b"));

    EXPECT_EQ("", write_topic("amq.topic", "a.x"));
    EXPECT_EQ("ACCESS_REFUSED - access to topic 'b.x' in exchange 'amq.topic' in vhost '/' refused "
              "for user 'ann'",
              write_topic("amq.topic", "b.x"));
    EXPECT_TRUE(may_write_topic("other", "b.x"));
    EXPECT_TRUE(gmq_user_check_topic(ann, vhost, GMQ_ACCESS_READ, GMQ_SLICE("amq.topic"),
                                     GMQ_SLICE("b.x"), &fault));
}

TEST_F(Amqp_8_12, ATopicPermissionKnowsUserAndVirtualHost)
{
    vhost = other;
    ASSERT_EQ("", permit_topic("x", "^{vhost}\\.{username}\\.{username}$", "{name}"));

    EXPECT_TRUE(may_write_topic("x", "other.ann.ann"));
    EXPECT_FALSE(may_write_topic("x", "other.ann.bert"));
    EXPECT_FALSE(may_write_topic("x", "{vhost}.{username}.{username}"));
    auto *permission = static_cast<const GmqTopicPermission *>(ann->topic_permissions.head->data);
    EXPECT_STREQ("^{vhost}\\.{username}\\.{username}$", permission->write);
    EXPECT_STREQ("{name}", permission->read);
}

TEST_F(Amqp_8_12, ATopicPermissionMayBeEmptyForTheEmptyKey)
{
    ASSERT_EQ("", permit_topic("x", "", ""));

    EXPECT_TRUE(may_write_topic("x", ""));
    EXPECT_FALSE(may_write_topic("x", "a"));
}

TEST_F(Permission, OfTopicsMayBeTakenAwayOneByOneOrAll)
{
    for (const char *name : {"x", "y", "z"})
        ASSERT_EQ("", permit_topic(name, "", ""));

    EXPECT_TRUE(gmq_user_clear_topic_permissions(ann, vhost, GMQ_SLICE("y")));
    EXPECT_FALSE(gmq_user_clear_topic_permissions(ann, vhost, GMQ_SLICE("y")));
    EXPECT_TRUE(may_write_topic("y", "a"));
    EXPECT_FALSE(may_write_topic("x", "a"));
    EXPECT_TRUE(gmq_user_clear_topic_permissions(ann, vhost, GmqSlice{}));
    EXPECT_TRUE(may_write_topic("x", "a"));
    EXPECT_EQ(0u, ann->topic_permissions.length);
}
