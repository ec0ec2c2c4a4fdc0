/* durable.h - for tests: a broker on a disk in memory, which can be started again.
 *
 *     queue("jobs", DURABLE);
 *     settle();                  what was done so far is on the disk
 *     crash();                   the power goes; a new broker finds what was on the disk
 *     EXPECT_TRUE(has_queue("jobs"));
 *
 * The members broker and vhost are those of the new broker then; vhost is NULL without a "/". */
#pragma once

#include "core/broker/permission.h"
#include "core/broker/snapshot.h"
#include "core/broker/storage.h"
#include "core/broker/user.h"
#include "tests/core/broker/world.h"
#include "tests/core/fake-disk.h"

class Durable : public World {
  protected:
    /* Without settling what a new broker has is not on the disk yet. */
    explicit Durable(bool is_settled = true)
    {
        fake.host()->disk = disk.disk();
        EXPECT_EQ("", open());
        if (is_settled)
            settle();
        fake.take_events();
    }

    /* Before the disk goes. */
    ~Durable() override
    {
        g_clear_pointer(&broker, gmq_broker_free);
    }

    /* ---- starting and ending ---- */

    /* All that was done is on the disk. */
    void
    settle()
    {
        GmqJournal *journal = gmq_broker_journal(broker);
        uint64_t mark       = gmq_journal_mark(journal);

        while (gmq_journal_committed(journal) < mark) {
            gmq_broker_commit(broker);
            ASSERT_TRUE(answer());
        }
    }

    /* The disk does the oldest thing that was asked for; false when there is none. */
    bool
    answer(GmqDiskResult result = GMQ_DISK_DONE)
    {
        return disk.complete_one(
            [this](uint64_t ticket, GmqDiskResult done) {
                gmq_broker_stored(broker, ticket, done);
            },
            result);
    }

    /* The power goes, and with it what is not on the disk, but for so many bytes that it has been
     * given. */
    void
    crash(size_t kept = 0)
    {
        disk.crash(kept);
        renew();
    }

    /* The broker ends in an orderly way, and begins again. */
    void
    stop()
    {
        gmq_broker_stop_storage(broker);
        while (!gmq_broker_is_storage_idle(broker)) {
            gmq_broker_commit(broker);
            ASSERT_TRUE(answer());
        }
        renew();
    }

    /* A new broker in place of the old one; "" or why it refuses. */
    std::string
    restart()
    {
        gmq_broker_free(broker);
        fake.take_events();
        broker = gmq_broker_new(fake.host());
        vhost  = nullptr;
        return open();
    }

    /* ---- looking ---- */

    bool
    has_queue(const std::string &name) const
    {
        return gmq_vhost_find_queue(vhost, slice(name)) != nullptr;
    }

    /* All that is declared and set, a line each. */
    std::string
    describe() const
    {
        std::string text;

        for (const auto &rows :
             {vhosts(), users(), permissions(), policies(), exchanges(), queues(), bindings()})
            text += rows;
        return text;
    }

    std::string
    vhosts() const
    {
        return rows<GmqVhostView>(gmq_snapshot_vhosts(broker), [](const GmqVhostView &row) {
            return words({"vhost", text(row.name), text(row.description), array(row.tags),
                          table(row.limits), row.is_tracing ? "tracing" : ""});
        });
    }

    std::string
    users() const
    {
        return rows<GmqUserView>(gmq_snapshot_users(broker), [this](const GmqUserView &row) {
            const GmqUser *user = gmq_broker_find_user(broker, row.name);

            return words({"user", text(row.name), text(row.password_hash), array(row.tags),
                          table(row.limits), user->is_loopback_only ? "loopback" : "",
                          user->is_impersonator ? "impersonator" : ""});
        });
    }

    std::string
    permissions() const
    {
        const auto line = [](const GmqPermissionView &row) {
            return words({"permission", text(row.user), text(row.vhost), text(row.exchange),
                          text(row.configure), text(row.write), text(row.read)});
        };

        return rows<GmqPermissionView>(gmq_snapshot_permissions(broker, {}), line) +
               rows<GmqPermissionView>(gmq_snapshot_topic_permissions(broker, {}), line);
    }

    std::string
    policies() const
    {
        const auto line = [](const GmqPolicyView &row) {
            return words({"policy", text(row.vhost), text(row.name), text(row.pattern),
                          text(row.apply_to), table(row.definition), std::to_string(row.priority)});
        };

        return rows<GmqPolicyView>(gmq_snapshot_policies(broker, {}), line) + "operators:\n" +
               rows<GmqPolicyView>(gmq_snapshot_operator_policies(broker, {}), line);
    }

    std::string
    exchanges() const
    {
        return rows<GmqExchangeView>(
            gmq_snapshot_exchanges(broker, {}), [](const GmqExchangeView &row) {
                return words({"exchange", text(row.vhost), text(row.name), text(row.type),
                              table(row.arguments), row.is_durable ? "durable" : "",
                              row.is_auto_delete ? "auto_delete" : "",
                              row.is_internal ? "internal" : "",
                              row.is_predeclared ? "predeclared" : "", text(row.policy)});
            });
    }

    std::string
    queues() const
    {
        return rows<GmqQueueView>(gmq_snapshot_queues(broker, {}), [](const GmqQueueView &row) {
            return words(
                {"queue", text(row.vhost), text(row.name), table(row.arguments), text(row.state),
                 row.is_durable ? "durable" : "", row.is_auto_delete ? "auto_delete" : "",
                 row.is_exclusive ? "exclusive" : "", text(row.policy), text(row.operator_policy)});
        });
    }

    std::string
    bindings() const
    {
        return rows<GmqBindingView>(
            gmq_snapshot_bindings(broker, {}), [](const GmqBindingView &row) {
                return words({"binding", text(row.vhost), text(row.source), text(row.target),
                              text(row.target_kind), text(row.key), table(row.arguments)});
            });
    }

    FakeDisk disk;
    GmqJournalReport report = {};

  private:
    std::string
    open()
    {
        g_autoptr(GError) error = nullptr;

        if (!gmq_broker_open_storage(broker, &report, &error))
            return error->message;
        vhost = gmq_broker_find_vhost(broker, GMQ_SLICE("/"));
        return "";
    }

    void
    renew()
    {
        ASSERT_EQ("", restart());
    }

    static std::string
    text(GmqSlice bytes)
    {
        return FakeHost::to_string(bytes);
    }

    static std::string
    table(GmqSlice inside)
    {
        g_autofree char *shown = gmq_table_format(inside);

        return shown;
    }

    /* As what stands in a table. */
    static std::string
    array(GmqSlice inside)
    {
        GmqBuffer outer = {};
        GmqValue value  = {};

        value.type  = GMQ_VALUE_ARRAY;
        value.bytes = inside;
        gmq_table_add(&outer, GMQ_SLICE("tags"), &value);
        std::string shown = table(gmq_buffer_slice(&outer));
        gmq_buffer_clear(&outer);
        return shown;
    }

    static std::string
    words(const std::vector<std::string> &all)
    {
        std::string line;

        for (const std::string &word : all)
            line += "'" + word + "' ";
        return line + "\n";
    }

    /* A line for each row of a snapshot, which is freed. */
    template <typename Row, typename Line>
    static std::string
    rows(GmqSnapshot *given, const Line &line)
    {
        g_autoptr(GmqSnapshot) snapshot = given;
        std::string lines;

        for (unsigned i = 0; i < snapshot->rows->len; i++)
            lines += line(g_array_index(snapshot->rows, Row, i));
        return lines;
    }
};
