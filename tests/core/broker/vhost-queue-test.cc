/* The queues of a virtual host: names, declarations, ends. */
#include "tests/core/broker/world.h"

class VhostQueue : public World {
  protected:
    std::string
    declare(const std::string &name, unsigned flags, const std::string &arguments,
            const void *owner = nullptr)
    {
        GmqQueueSpec spec = {};

        spec.name           = slice(name);
        spec.arguments      = slice(arguments);
        spec.is_durable     = (flags & DURABLE) != 0;
        spec.is_auto_delete = (flags & AUTO_DELETE) != 0;
        spec.is_exclusive   = (flags & EXCLUSIVE) != 0;
        spec.owner          = owner;
        found               = gmq_vhost_declare_queue(vhost, &spec, &fault);
        return outcome(found != nullptr);
    }

    bool
    has_queue(const std::string &name) const
    {
        return gmq_vhost_find_queue(vhost, slice(name)) != nullptr;
    }

    GmqQueue *found = nullptr;
    char me         = 0; /* its address is somebody */
    char other      = 0;
};

TEST_F(VhostQueue, IsDeclaredAndAnnounced)
{
    EXPECT_EQ("", declare("q", DURABLE | AUTO_DELETE, ""));
    EXPECT_TRUE(found->is_durable && found->is_auto_delete && !found->is_exclusive);
    EXPECT_EQ("", declare("mine", DURABLE | EXCLUSIVE, "", &me));
    EXPECT_FALSE(found->is_durable) << "an exclusive queue never is";
    EXPECT_EQ((std::vector<std::string>{"queue.declared q flags=3", "queue.declared mine flags=4"}),
              fake.take_events());
}

TEST_F(VhostQueue, IsTheSameOneWhenDeclaredAgain)
{
    declare("q", PLAIN, "");
    const GmqQueue *first = found;
    fake.take_events();
    EXPECT_EQ("", declare("q", PLAIN, ""));
    EXPECT_EQ(first, found);
    EXPECT_TRUE(fake.take_events().empty());
}

TEST_F(VhostQueue, LosesLineEndsFromItsName)
{
    EXPECT_EQ("", declare("a\r\nb\n", PLAIN, ""));
    EXPECT_EQ("ab", FakeHost::to_string(found->name));
    EXPECT_EQ("", declare("\nab", PLAIN, ""));
    EXPECT_EQ(1u, vhost->queue_list.length);
}

TEST_F(VhostQueue, GetsANameWhenItHasNone)
{
    EXPECT_EQ("", declare("", PLAIN, ""));
    std::string first = FakeHost::to_string(found->name);
    EXPECT_EQ("", declare("", PLAIN, ""));
    EXPECT_EQ("amq.gen-", first.substr(0, 8));
    EXPECT_NE(first, FakeHost::to_string(found->name));
}

TEST_F(VhostQueue, MayNotTakeAReservedName)
{
    EXPECT_EQ("ACCESS_REFUSED - queue name 'amq.q' contains reserved prefix 'amq.*'",
              declare("amq.q", PLAIN, ""));
    EXPECT_EQ("", declare("amq", PLAIN, ""));
    EXPECT_EQ("", declare("Amq.q", PLAIN, ""));
}

TEST_F(VhostQueue, IsItsOwnersWhenExclusive)
{
    declare("mine", EXCLUSIVE, "", &me);
    EXPECT_EQ(found, gmq_vhost_need_queue(vhost, GMQ_SLICE("mine"), &me, &fault));
    EXPECT_EQ(nullptr, gmq_vhost_need_queue(vhost, GMQ_SLICE("mine"), &other, &fault));
    EXPECT_EQ(GMQ_REPLY_RESOURCE_LOCKED, fault.code);
    EXPECT_EQ(nullptr, gmq_vhost_need_queue(vhost, GMQ_SLICE("nix"), &me, &fault));
    EXPECT_STREQ("NOT_FOUND - no queue 'nix' in vhost '/'", fault.text);
}

TEST_F(VhostQueue, ExclusivenessIsLookedAtFirst)
{
    declare("q", PLAIN, "");
    EXPECT_EQ("RESOURCE_LOCKED", declare("q", EXCLUSIVE | DURABLE, "", &me).substr(0, 15));
    declare("mine", EXCLUSIVE, "", &me);
    EXPECT_EQ("RESOURCE_LOCKED", declare("mine", AUTO_DELETE, "", &me).substr(0, 15));
    EXPECT_EQ("RESOURCE_LOCKED",
              declare("mine", EXCLUSIVE | AUTO_DELETE, "", &other).substr(0, 15));
    EXPECT_EQ("PRECONDITION_FAILED - inequivalent arg 'auto_delete' for queue 'mine' in vhost '/': "
              "received 'true' but current is 'false'",
              declare("mine", EXCLUSIVE | AUTO_DELETE, "", &me));
}

TEST_F(VhostQueue, IsDeletedWithItsBindings)
{
    declare("q", PLAIN, "");
    exchange("x", "fanout", AUTO_DELETE);
    bind("x", "k", "q");
    fake.take_events();
    EXPECT_EQ("", delete_queue("q"));
    EXPECT_FALSE(has_queue("q"));
    EXPECT_EQ((std::vector<std::string>{"queue.deleted q ready=0 why=deleted",
                                        "unbound x -> q [k] to_type=queue", "exchange.deleted x"}),
              fake.take_events());
}

TEST_F(VhostQueue, TellsHowManyMessagesWentWithIt)
{
    uint64_t count      = 99;
    GmqMessage *message = make_message("", "q");

    declare("q", PLAIN, "");
    gmq_queue_publish(found, message);
    gmq_queue_publish(found, message);
    gmq_message_unref(message);
    EXPECT_FALSE(
        gmq_vhost_delete_queue(vhost, GMQ_SLICE("q"), nullptr, false, true, &count, &fault));
    EXPECT_STREQ("PRECONDITION_FAILED - queue 'q' in vhost '/' not empty", fault.text);
    EXPECT_TRUE(
        gmq_vhost_delete_queue(vhost, GMQ_SLICE("q"), nullptr, true, false, &count, &fault));
    EXPECT_EQ(2u, count);
    EXPECT_TRUE(gmq_vhost_delete_queue(vhost, GMQ_SLICE("q"), nullptr, true, true, &count, &fault));
    EXPECT_EQ(0u, count) << "a missing one is fine";
}

TEST_F(VhostQueue, MayOnlyBeDeletedByItsOwner)
{
    uint64_t count;

    declare("mine", EXCLUSIVE, "", &me);
    EXPECT_FALSE(
        gmq_vhost_delete_queue(vhost, GMQ_SLICE("mine"), &other, false, false, &count, &fault));
    EXPECT_EQ(GMQ_REPLY_RESOURCE_LOCKED, fault.code);
    EXPECT_TRUE(
        gmq_vhost_delete_queue(vhost, GMQ_SLICE("mine"), &me, false, false, &count, &fault));
}

TEST_F(VhostQueue, IsRemovedOnce)
{
    declare("q", PLAIN, "");
    GmqQueue *kept = gmq_queue_ref(found);
    gmq_vhost_remove_queue(vhost, kept, "once");
    gmq_vhost_remove_queue(vhost, kept, "twice");
    gmq_queue_unref(kept);
    EXPECT_EQ(1u, fake.take_events("queue.deleted").size());
}

TEST_F(VhostQueue, EveryChangeChangesTheTopology)
{
    uint64_t before = vhost->topology;

    declare("q", PLAIN, "");
    EXPECT_NE(before, vhost->topology);
    before = vhost->topology;
    delete_queue("q");
    EXPECT_NE(before, vhost->topology);
}

/* ---- arguments ---- */

struct Argument {
    const char *name;
    std::string table;
    const char *why; /* "" when it is fine */
};

class VhostQueueArgument : public VhostQueue, public testing::WithParamInterface<Argument> {};

TEST_P(VhostQueueArgument, IsTakenOrRefused)
{
    std::string why = GetParam().why;

    EXPECT_EQ(why.empty() ? ""
                          : "PRECONDITION_FAILED - invalid arg '" + std::string(GetParam().name) +
                                "' for queue 'q' in vhost '/': " + why,
              declare("q", PLAIN, GetParam().table));
    EXPECT_EQ(why.empty(), has_queue("q"));
}

INSTANTIATE_TEST_SUITE_P(
    Of, VhostQueueArgument,
    testing::Values(Argument{"x-queue-type", Table().add("x-queue-type", "classic"), ""},
                    Argument{"x-queue-type", Table().add("x-queue-type", "quorum"),
                             "\"unsupported queue type 'quorum'\""},
                    Argument{"x-queue-type", Table().add("x-queue-type", "Classic"),
                             "\"unsupported queue type 'Classic'\""},
                    Argument{"x-queue-type", Table().add("x-queue-type", 1),
                             "{unacceptable_type,long}"},
                    Argument{"x-queue-mode", Table().add("x-queue-mode", "lazy"), ""},
                    Argument{"x-queue-version", Table().add("x-queue-version", 2), ""},
                    Argument{"x-anything", Table().add("x-anything", 5).add("note", "text"), ""},
                    Argument{"x-message-ttl", Table().add("x-message-ttl", 1000), ""},
                    Argument{"x-max-length", Table().add("note", 1).add("x-max-length", -5),
                             "{value_negative,-5}"},
                    Argument{"x-overflow", Table().add("x-overflow", "drop-head"), ""},
                    Argument{"x-max-priority", Table().add("x-max-priority", 5), ""}));

TEST_F(VhostQueue, ArgumentsAreLookedAtWithoutANameToo)
{
    std::string reply = declare("", PLAIN, Table().add("x-expires", int64_t{0}));

    EXPECT_EQ(0u, reply.find("PRECONDITION_FAILED - invalid arg 'x-expires' for queue 'amq.gen-"));
    EXPECT_NE(std::string::npos, reply.find("' in vhost '/': {value_zero,0}"));
}

TEST_F(VhostQueue, ArgumentsMustMeanTheSameWhenDeclaredAgain)
{
    declare("q", PLAIN, Table().add("x-queue-type", "classic"));
    EXPECT_EQ("", declare("q", PLAIN, ""));
    EXPECT_EQ("", declare("q", PLAIN, Table().add("note", 1)));
    EXPECT_EQ("PRECONDITION_FAILED - inequivalent arg 'x-max-length' for queue 'q' in vhost '/': "
              "received the value '5' of type 'long' but current is none",
              declare("q", PLAIN, Table().add("x-max-length", 5)));
    EXPECT_EQ("PRECONDITION_FAILED - inequivalent arg 'x-queue-type' for queue 'q' in vhost '/': "
              "received 'stream' but current is 'classic'",
              declare("q", PLAIN, Table().add("x-queue-type", "stream")));
}
