/* Virtual hosts come and go. */
#include "core/broker/user.h"
#include "tests/core/broker/world.h"

class Vhost : public World {
  protected:
    std::string
    add(const std::string &name)
    {
        GError *error = nullptr;
        return told(gmq_broker_add_vhost(broker, slice(name), &error) != nullptr, error);
    }

    std::string
    remove(const std::string &name)
    {
        GError *error = nullptr;
        return told(gmq_broker_remove_vhost(broker, slice(name), &error), error);
    }

    GmqVhost *
    find(const std::string &name) const
    {
        return gmq_broker_find_vhost(broker, slice(name));
    }

    std::vector<std::string>
    names() const
    {
        std::vector<std::string> found;

        for (const GList *link = gmq_broker_vhosts(broker)->head; link != nullptr;
             link              = link->next)
            found.push_back(FakeHost::to_string(static_cast<const GmqVhost *>(link->data)->name));
        return found;
    }
};

TEST_F(Vhost, IsOneAtFirst)
{
    EXPECT_NE(nullptr, find("/"));
    EXPECT_EQ(nullptr, find(""));
    EXPECT_EQ(nullptr, find("//"));
    EXPECT_EQ(std::vector<std::string>{"/"}, names());
}

TEST_F(Vhost, StandsInOrderOfCreation)
{
    for (const char *name : {"z", "a", "m"})
        ASSERT_EQ("", add(name));
    ASSERT_EQ("", remove("a"));
    ASSERT_EQ("", add("a"));

    EXPECT_EQ((std::vector<std::string>{"/", "z", "m", "a"}), names());
}

TEST_F(Vhost, HasExchangesOfItsOwn)
{
    ASSERT_EQ("", add("other"));
    vhost = find("other");

    EXPECT_NE(nullptr, gmq_vhost_find_exchange(vhost, GMQ_SLICE("amq.topic")));
    EXPECT_EQ("", exchange("x"));
    EXPECT_EQ(nullptr, gmq_vhost_find_exchange(find("/"), GMQ_SLICE("x")));
}

TEST_F(Vhost, TakesAllItHasAlong)
{
    ASSERT_EQ("", add("other"));
    vhost = find("other");
    ASSERT_EQ("", queue("q"));
    ASSERT_EQ("", exchange("x", "topic"));
    ASSERT_EQ("", bind("x", "#", "q"));

    EXPECT_EQ("", remove("other"));
    EXPECT_EQ(nullptr, find("other"));
    EXPECT_EQ("", add("other"));
    EXPECT_EQ(nullptr, gmq_vhost_find_queue(find("other"), GMQ_SLICE("q")));
}

TEST_F(Vhost, TheFirstOneMayGoToo)
{
    EXPECT_EQ("", remove("/"));
    EXPECT_EQ(nullptr, find("/"));
    EXPECT_EQ("there is no vhost '/'", remove("/"));
}

TEST_F(Vhost, NeedsANameOfItsOwn)
{
    EXPECT_EQ("vhost '/' exists already", add("/"));
    EXPECT_EQ("a vhost needs a name", add(""));
    EXPECT_EQ("the name of a vhost is UTF-8 of at most 255 bytes, none of them 0",
              add(std::string(256, 'x')));
    EXPECT_EQ("the name of a vhost is UTF-8 of at most 255 bytes, none of them 0", add("a\xc3"));
}

TEST_F(Vhost, IsDescribedByPeople)
{
    const char *const tags[] = {"test", "small", nullptr};

    EXPECT_STREQ("", vhost->description);
    gmq_vhost_set_description(vhost, "for tests");
    gmq_vhost_set_description(vhost, "for all");
    gmq_vhost_set_tags(vhost, tags);
    EXPECT_STREQ("for all", vhost->description);
    EXPECT_EQ(2u, vhost->tags->len);
}

TEST_F(Vhost, HasLimitsByName)
{
    GError *error = nullptr;

    EXPECT_TRUE(gmq_vhost_set_limit(vhost, GMQ_SLICE("max-queues"), 5, nullptr));
    EXPECT_EQ(5, vhost->limits[GMQ_VHOST_LIMIT_QUEUES]);
    EXPECT_EQ(-1, vhost->limits[GMQ_VHOST_LIMIT_CONNECTIONS]);
    EXPECT_EQ("there is no limit 'max-queue'; did you mean 'max-queues'?",
              told(gmq_vhost_set_limit(vhost, GMQ_SLICE("max-queue"), 5, &error), error));
}
