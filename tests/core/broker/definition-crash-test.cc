/* A crash within a change leaves what was before it or what is behind it: core/AMQP.md 26.1. */
#include "tests/core/broker/definitions.h"

/* Everything that a change writes may be cut by a crash at any byte. */
class Trial : public Definitions {
  public:
    void
    TestBody() override
    {
    }

    /* Changes things and lets the power go when so many bytes are on the disk; returns whether the
     * change holds. */
    bool
    change(size_t kept)
    {
        GmqUser *anna = add_user("anna");

        permit(anna, vhost, "old");
        set_policy("p", "old", Table().add("max-length", 1));
        settle();
        std::string old = permissions() + policies();
        permit(anna, vhost, "new");
        set_policy("p", "new", Table().add("max-length", 2));
        std::string changed = permissions() + policies();
        gmq_journal_mark(gmq_broker_journal(broker));
        gmq_broker_commit(broker);

        crash(kept);
        std::string found = permissions() + policies();
        EXPECT_EQ(2u, anna_again()->permissions.length + policy_count()) << kept;
        settle();
        crash();
        EXPECT_EQ(found, permissions() + policies()) << kept;
        forget();
        EXPECT_EQ(0u, anna_again()->permissions.length + policy_count()) << kept;
        return found != old && found == changed;
    }

  private:
    GmqUser *
    anna_again() const
    {
        return gmq_broker_find_user(broker, GMQ_SLICE("anna"));
    }

    unsigned
    policy_count() const
    {
        return vhost->policies[GMQ_POLICY_USER]->len;
    }

    /* Takes all away and starts again: nothing older may come to light. */
    void
    forget()
    {
        ASSERT_TRUE(gmq_user_clear_permission(anna_again(), vhost));
        ASSERT_TRUE(gmq_vhost_clear_policy(vhost, GMQ_POLICY_USER, GMQ_SLICE("p"), nullptr));
        settle();
        crash();
    }
};

TEST(Amqp_26_1, ACrashWithinAChangeLeavesTheOldOrTheNew)
{
    size_t n_changed = 0;

    for (size_t kept = 0; kept < 700; kept++) {
        Trial trial;

        n_changed += trial.change(kept) ? 1 : 0;
    }
    EXPECT_LT(100u, n_changed);
    EXPECT_GT(600u, n_changed);
}

/* A first start that may be cut at any byte. */
class FirstStart : public Durable {
  public:
    FirstStart() : Durable(false)
    {
    }

    void
    TestBody() override
    {
    }

    /* Whether the broker began again as a new one. */
    bool
    is_new_after(size_t kept)
    {
        std::string before = vhosts() + permissions();

        gmq_journal_mark(gmq_broker_journal(broker));
        EXPECT_TRUE(answer()); /* the beginning of the file is on the disk before all else */
        gmq_broker_commit(broker);
        EXPECT_EQ(1u, disk.n_pending());
        crash(kept);
        bool is_new = report.is_new;
        EXPECT_EQ(before, vhosts() + permissions()) << kept;
        settle();
        crash();
        EXPECT_EQ(before, vhosts() + permissions()) << kept;
        EXPECT_TRUE(gmq_broker_authenticate(broker, GMQ_SLICE("guest"), GMQ_SLICE("guest"), true));
        return is_new;
    }
};

TEST(Definitions, OfAFirstStartThatWasCutShortAreWrittenAgain)
{
    size_t n_new = 0;

    for (size_t kept = 0; kept < 1200; kept++) {
        FirstStart start;

        n_new += start.is_new_after(kept) ? 1 : 0;
    }
    EXPECT_LT(500u, n_new);
    EXPECT_GT(1000u, n_new);
}
