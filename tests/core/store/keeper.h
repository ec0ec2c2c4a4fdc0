/* keeper.h - a journal on a fake disk, and somebody who keeps messages in it: a plain model of what
 * was found and of what was told.
 *
 *     Keeper keeper;
 *     uint64_t id = keeper.add("hello", {1});
 *     keeper.turn();
 *     EXPECT_EQ("1:hello", keeper.text());
 *     keeper.restart(crash);
 *
 * Messages are texts. Definitions are tables with one key, "k". */
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/limits.h"
#include "core/store/journal.h"
#include "core/wire/buffer.h"
#include "core/wire/table.h"
#include "tests/core/fake-disk.h"
#include "tests/core/fake-host.h"

class Keeper {
  public:
    /* A copy as it was found. */
    struct Copy {
        uint32_t flags;
        int64_t expires_ms;
    };

    /* A message that the journal holds. */
    struct Message {
        std::string text;
        size_t *count; /* of those that are held */
    };

    /* What was told of a waiter. */
    struct Told {
        uint64_t tag;
        bool is_kept;
    };

    Keeper()
    {
        class_.lend               = lend;
        class_.release            = release;
        class_.done               = done;
        class_.stored             = stored;
        class_.found_copy         = found_copy;
        class_.found_copy_dropped = found_copy_dropped;
        class_.found_copy_marked  = found_copy_marked;
        class_.found_definition   = found_definition;
        fake.host()->disk         = disk.disk();
        fake.listen(false);
    }

    ~Keeper()
    {
        gmq_journal_free(journal);
        g_assert(n_messages == 0); /* each was released */
        g_assert(disk.n_open() == 0);
    }

    Keeper(const Keeper &)            = delete;
    Keeper &operator=(const Keeper &) = delete;

    /* ---- life ---- */

    /* Opens the journal that is on the disk; false with trouble. */
    bool
    open()
    {
        GError *error = nullptr;

        copies.clear();
        definitions.clear();
        n_found = 0;
        journal = gmq_journal_open(fake.host(), &class_, this, &report, &error);
        if (journal != nullptr)
            return true;
        trouble = error->message;
        code    = error->domain == GMQ_JOURNAL_ERROR ? error->code : -1;
        g_error_free(error);
        return false;
    }

    void
    close()
    {
        gmq_journal_free(journal);
        journal = nullptr;
    }

    /* Ends and opens it again, behind a crash that leaves kept bytes of what was not synced. */
    bool
    restart(size_t kept = 0)
    {
        disk.crash(kept);
        close();
        return open();
    }

    /* ---- turns ---- */

    void
    complete(GmqDiskResult result = GMQ_DISK_DONE, size_t some_bytes = 0)
    {
        disk.complete_one(
            [this](uint64_t ticket, GmqDiskResult answer) {
                gmq_journal_stored(journal, ticket, answer);
            },
            result, some_bytes);
    }

    /* Turns until there is nothing more to do without time passing. */
    void
    turn()
    {
        for (;;) {
            gmq_journal_commit(journal);
            if (disk.n_pending() > 0)
                complete();
            else if (gmq_journal_deadline(journal) > fake.now_ns)
                break;
        }
    }

    /* Has everything written. */
    void
    flush()
    {
        gmq_journal_mark(journal);
        turn();
        fake.advance_ms(100);
        turn();
    }

    /* ---- keeping ---- */

    uint64_t
    add(const std::string &text, const std::vector<uint32_t> &queues, bool is_urgent = true)
    {
        GmqJournalMessage message = {};

        message.message   = new Message{text, &n_messages};
        message.number    = ++n_added;
        message.body_size = static_cast<uint32_t>(text.size());
        message.priority  = 3;
        message.marks     = 5;
        n_messages++;
        uint64_t id = gmq_journal_add_message(journal, &message);
        for (uint32_t queue : queues)
            gmq_journal_add_copy(journal, id, queue, 1000 + queue, is_urgent);
        return id;
    }

    bool
    await(uint64_t id, uint64_t tag)
    {
        return gmq_journal_await(journal, id, this, tag);
    }

    uint64_t
    define(const std::string &text)
    {
        g_auto(GmqBuffer) table = {};

        table_of(text, &table);
        return gmq_journal_add_definition(journal, gmq_buffer_slice(&table));
    }

    std::string
    read(uint64_t id)
    {
        GmqFoundCopy found;
        GmqSlice bytes;
        GError *error = nullptr;

        if (gmq_journal_read(journal, id, &found, &bytes, &error))
            return FakeHost::to_string(bytes);
        std::string message = error->message;

        g_error_free(error);
        return message;
    }

    GmqJournalStats
    stats()
    {
        GmqJournalStats found;

        gmq_journal_get_stats(journal, &found);
        return found;
    }

    /* ---- what was found: by queue and id ---- */

    /* Copies that hold, as "queue:text" by queue and id, with "*flags" where they are not 0. */
    std::string
    text()
    {
        std::string all;

        for (const auto &[place, copy] : copies) {
            if (!gmq_journal_has(journal, place.second))
                continue;
            all +=
                (all.empty() ? "" : " ") + std::to_string(place.first) + ":" + read(place.second);
            if (copy.flags != 0)
                all += "*" + std::to_string(copy.flags);
        }
        return all;
    }

    std::string
    defined() const
    {
        std::string all;

        for (const auto &[id, text] : definitions)
            all += (all.empty() ? "" : " ") + text;
        return all;
    }

    static void
    table_of(const std::string &text, GmqBuffer *table)
    {
        GmqValue value = {};

        value.type  = GMQ_VALUE_STRING;
        value.bytes = {reinterpret_cast<const uint8_t *>(text.data()), text.size()};
        gmq_table_add(table, gmq_slice_of("k"), &value);
    }

    /* Bytes that the journal keeps for getting out of a full disk. */
    uint64_t
    reserved()
    {
        return disk.has("reserve") ? disk.bytes("reserve").size() : 0;
    }

    std::vector<Told>
    take_told()
    {
        return std::exchange(told, {});
    }

    FakeHost fake;
    FakeDisk disk;
    GmqJournal *journal     = nullptr;
    GmqJournalReport report = {};
    std::string trouble;
    int code = 0;
    std::map<std::pair<uint32_t, uint64_t>, Copy> copies;
    std::map<uint64_t, std::string> definitions;
    std::vector<Told> told;
    std::function<void()> look; /* once a definition is found */
    std::vector<uint64_t> seen; /* numbers of messages that the glass was told of */
    size_t n_found    = 0;
    size_t n_messages = 0; /* that were not released */
    uint64_t n_added  = 0;

  private:
    static Keeper *
    of(void *user)
    {
        return static_cast<Keeper *>(user);
    }

    static GmqSlice
    lend(void *message)
    {
        const std::string &text = static_cast<const Message *>(message)->text;

        return {reinterpret_cast<const uint8_t *>(text.data()), text.size()};
    }

    static void
    release(void *message)
    {
        --*static_cast<Message *>(message)->count;
        delete static_cast<Message *>(message);
    }

    static void
    done(void *user, void *waiter, uint64_t tag, bool is_kept)
    {
        g_assert(waiter == user);
        of(user)->told.push_back({tag, is_kept});
    }

    static void
    stored(void *user, uint64_t number)
    {
        of(user)->seen.push_back(number);
    }

    static void
    found_copy(void *user, const GmqFoundCopy *copy)
    {
        g_assert(copy->priority == 3 && copy->marks == 5);
        of(user)->n_found++;
        of(user)->copies[{copy->queue, copy->id}] = {copy->flags, copy->expires_ms};
    }

    static void
    found_copy_dropped(void *user, uint64_t id, uint32_t queue)
    {
        of(user)->copies.erase({queue, id});
    }

    static void
    found_copy_marked(void *user, uint64_t id, uint32_t queue, uint32_t flags)
    {
        auto found = of(user)->copies.find({queue, id});

        if (found != of(user)->copies.end())
            found->second.flags = flags;
    }

    static bool
    found_definition(void *user, uint64_t id, GmqSlice table, GError **error)
    {
        GmqValue value;

        if (!gmq_table_find(table, gmq_slice_of("k"), &value)) {
            g_set_error_literal(error, GMQ_JOURNAL_ERROR, GMQ_JOURNAL_ERROR_CONTENT, "no k");
            return false;
        }
        of(user)->definitions[id] = FakeHost::to_string(value.bytes);
        if (of(user)->look)
            of(user)->look();
        return true;
    }

    GmqJournalClass class_ = {};
};
