/* fake-disk.h - a data directory in memory for tests, which answers when it is told to and can lose
 * what was not synced.
 *
 *     FakeDisk disk;
 *     fake.host()->disk = disk.disk();
 *     ...
 *     disk.complete_all([&](uint64_t ticket, GmqDiskResult result) {
 *         gmq_journal_stored(journal, ticket, result);
 *     });
 *     disk.crash();           what was synced is there, and nothing else
 *
 * Each file has bytes that are written, and of these a beginning that is durable. What is asked for
 * happens when it is completed, but opening, reading and cutting do at once. Opened files outlive a
 * crash as handles of nothing, so that what the crashed core frees is not missed. */
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/disk.h"

/* A file as the disk knows it; those that are opened share it. */
struct GmqFile {
    std::string name;
    std::string bytes;          /* written */
    size_t durable     = 0;     /* of them */
    bool is_named      = false; /* its name is durable */
    bool is_poisoned   = false; /* its sync has failed: nothing more is durable before renewal */
    unsigned users     = 0;     /* that have it open */
    unsigned n_appends = 0;     /* to it that are under way */
};

class FakeDisk {
  public:
    using Answer = std::function<void(uint64_t ticket, GmqDiskResult result)>;

    FakeDisk()
    {
        base_.table.list       = list;
        base_.table.open       = open;
        base_.table.close      = close;
        base_.table.size       = size;
        base_.table.read       = read;
        base_.table.append     = append;
        base_.table.truncate   = truncate;
        base_.table.renew      = renew;
        base_.table.remove     = remove;
        base_.table.free_space = free_space;
        base_.self             = this;
    }

    FakeDisk(const FakeDisk &)            = delete;
    FakeDisk &operator=(const FakeDisk &) = delete;

    GmqDisk *
    disk()
    {
        return &base_.table;
    }

    /* ---- what was asked for ---- */

    size_t
    n_pending() const
    {
        size_t count = 0;

        for (const Pending &one : pending_)
            count += one.is_append ? 1 : 0;
        return count;
    }

    /* Does the oldest append, and removals behind it, and says so to answer; false when there is
     * none. With FULL or FAILED as its result some_bytes of it are written. */
    bool
    complete_one(const Answer &answer, GmqDiskResult result = GMQ_DISK_DONE, size_t some_bytes = 0)
    {
        do_removals();
        if (pending_.empty())
            return false;

        Pending one   = std::move(pending_.front());
        uint64_t used = used_bytes();
        size_t room   = used > capacity ? 0 : static_cast<size_t>(capacity - used);
        room += static_cast<size_t>(blocks(*one.file) - one.file->bytes.size());
        std::string seen = gather(one.slices);

        pending_.pop_front();
        g_assert(seen == one.bytes); /* what was lent has not changed */
        if (is_failing)
            result = GMQ_DISK_FAILED;
        if (result == GMQ_DISK_DONE && room < one.bytes.size()) {
            result     = GMQ_DISK_FULL;
            some_bytes = room;
        }
        one.file->n_appends--;
        one.file->bytes += result == GMQ_DISK_DONE ? one.bytes : one.bytes.substr(0, some_bytes);
        one.file->is_poisoned |= result == GMQ_DISK_FAILED;
        if (result == GMQ_DISK_DONE && one.sync && !is_lying && !one.file->is_poisoned)
            sync(*one.file);
        n_appends++;
        do_removals();
        answer(one.ticket, result);
        return true;
    }

    /* Does everything, and what the answers ask for. Returns the number of appends. */
    size_t
    complete_all(const Answer &answer)
    {
        size_t count = 0;

        while (complete_one(answer))
            count++;
        return count;
    }

    /* ---- trouble ---- */

    uint64_t capacity   = UINT64_MAX; /* bytes of all files; an append that exceeds it is FULL */
    uint64_t block      = 1;          /* files take up whole ones */
    bool is_failing     = false;      /* each append is answered FAILED */
    bool is_lying       = false;      /* a sync does nothing */
    bool is_shut        = false;      /* no file can be opened */
    size_t renewed_most = SIZE_MAX;   /* bytes of a renewal, behind which the power goes */
    size_t n_renewed    = 0;          /* bytes */
    size_t n_appends    = 0;          /* done so far */
    size_t n_reads      = 0;
    size_t largest_read = 0;

    /* The power goes. What was asked for is lost, and so is what was not synced, except for the
     * first kept bytes of it, in the order of asking. What is opened can only be closed. */
    void
    crash(size_t kept = 0)
    {
        for (auto &[name, file] : files_)
            kept -= keep(*file, kept);
        while (!pending_.empty() && (kept > 0 || !pending_.front().is_append)) {
            Pending one = std::move(pending_.front());

            pending_.pop_front();
            if (!one.is_append) {
                files_.erase(one.name);
                continue;
            }
            size_t some = std::min(kept, one.bytes.size());
            one.file->bytes += one.bytes.substr(0, some);
            one.file->durable  = one.file->bytes.size();
            one.file->is_named = true;
            kept -= some;
        }
        pending_.clear();
        lose_handles();
    }

    /* ---- looking ---- */

    std::vector<std::string>
    names() const
    {
        std::vector<std::string> found;

        for (const auto &[name, file] : files_)
            found.push_back(name);
        return found;
    }

    bool
    has(const std::string &name) const
    {
        return files_.count(name) > 0;
    }

    /* The bytes of a file, to be looked at or damaged. */
    std::string &
    bytes(const std::string &name)
    {
        return files_.at(name)->bytes;
    }

    /* Puts a file there, durable, in place of one that has the name. */
    void
    put(const std::string &name, const std::string &bytes)
    {
        auto file = std::make_shared<GmqFile>();

        file->name     = name;
        file->bytes    = bytes;
        file->durable  = bytes.size();
        file->is_named = true;
        files_[name]   = file;
    }

    /* Likewise all files of another one, as written there, in place of those that are here. */
    void
    put_all(const FakeDisk &other)
    {
        files_.clear();
        for (const auto &[name, file] : other.files_)
            put(name, file->bytes);
    }

    uint64_t
    used_bytes() const
    {
        uint64_t sum = 0;

        for (const auto &[name, file] : files_)
            sum += blocks(*file);
        return sum;
    }

    /* How many files are open. */
    size_t
    n_open() const
    {
        return open_.size();
    }

  private:
    /* The table stands first, so that the core's pointer leads back here. */
    struct Base {
        GmqDisk table  = {};
        FakeDisk *self = nullptr;
    };

    /* An append or a removal that is under way. */
    struct Pending {
        bool is_append = false;
        std::string name; /* of the file to remove */
        std::shared_ptr<GmqFile> file;
        std::vector<GmqSlice> slices;
        std::string bytes;
        bool sync       = false;
        uint64_t ticket = 0;
    };

    /* What a file takes up. */
    uint64_t
    blocks(const GmqFile &file) const
    {
        return (file.bytes.size() + block - 1) / block * block;
    }

    static FakeDisk *
    of(GmqDisk *disk)
    {
        return reinterpret_cast<Base *>(disk)->self;
    }

    static std::string
    gather(const std::vector<GmqSlice> &slices)
    {
        std::string bytes;

        for (const GmqSlice &slice : slices) {
            if (slice.size > 0)
                bytes.append(reinterpret_cast<const char *>(slice.data), slice.size);
        }
        return bytes;
    }

    static void
    sync(GmqFile &file)
    {
        file.durable  = file.bytes.size();
        file.is_named = true;
    }

    void
    do_removals()
    {
        while (!pending_.empty() && !pending_.front().is_append) {
            files_.erase(pending_.front().name);
            pending_.pop_front();
        }
    }

    /* Of a file's bytes that are not synced, those that a crash leaves; returns how many. */
    static size_t
    keep(GmqFile &file, size_t kept)
    {
        size_t loose = file.bytes.size() - file.durable;
        size_t some  = std::min(loose, kept);

        file.bytes.resize(file.durable + some);
        file.durable = file.bytes.size();
        file.is_named |= some > 0;
        return some;
    }

    void
    lose_handles()
    {
        for (auto at = files_.begin(); at != files_.end();)
            at = at->second->is_named ? std::next(at) : files_.erase(at);
        for (auto &[name, file] : files_) { /* what is still open writes into nothing */
            auto fresh = std::make_shared<GmqFile>(*file);

            fresh->users       = 0;
            fresh->n_appends   = 0;
            fresh->is_poisoned = false;
            file               = fresh;
        }
    }

    static bool
    list(GmqDisk *disk, GPtrArray *names, GError **)
    {
        for (const auto &[name, file] : of(disk)->files_)
            g_ptr_array_add(names, g_strdup(name.c_str()));
        return true;
    }

    static GmqFile *
    open(GmqDisk *disk, const char *name, bool create, GError **error)
    {
        FakeDisk *self = of(disk);
        auto found     = self->files_.find(name);

        if (self->is_shut || (found == self->files_.end()) != create) {
            g_set_error(error, GMQ_DISK_ERROR, GMQ_DISK_ERROR_FAILED, "%s cannot be opened", name);
            return nullptr;
        }
        if (create) {
            auto file  = std::make_shared<GmqFile>();
            file->name = name;
            found      = self->files_.emplace(name, file).first;
        }
        found->second->users++;
        self->open_.insert(found->second);
        return found->second.get();
    }

    static void
    close(GmqDisk *disk, GmqFile *file)
    {
        FakeDisk *self = of(disk);

        g_assert(file->users > 0);
        if (--file->users > 0)
            return;
        for (auto at = self->open_.begin(); at != self->open_.end(); ++at) {
            if (at->get() == file) {
                self->open_.erase(at);
                return;
            }
        }
    }

    static uint64_t
    size(GmqDisk *, GmqFile *file)
    {
        return file->bytes.size();
    }

    static bool
    read(GmqDisk *disk, GmqFile *file, uint64_t offset, uint8_t *to, size_t size, GError **error)
    {
        of(disk)->n_reads++;
        of(disk)->largest_read = std::max(of(disk)->largest_read, size);
        if (offset > file->bytes.size() || size > file->bytes.size() - offset) {
            g_set_error(error, GMQ_DISK_ERROR, GMQ_DISK_ERROR_FAILED, "%s ends too early",
                        file->name.c_str());
            return false;
        }
        if (size > 0)
            memcpy(to, file->bytes.data() + offset, size);
        return true;
    }

    static void
    append(GmqDisk *disk, GmqFile *file, const GmqSlice *slices, size_t n_slices, bool sync,
           uint64_t ticket)
    {
        FakeDisk *self = of(disk);
        Pending one;

        for (const auto &open : self->open_) {
            if (open.get() == file)
                one.file = open;
        }
        g_assert(one.file != nullptr);
        one.is_append = true;
        one.slices.assign(slices, slices + n_slices);
        one.bytes  = gather(one.slices);
        one.sync   = sync;
        one.ticket = ticket;
        file->n_appends++;
        self->pending_.push_back(std::move(one));
    }

    static bool
    truncate(GmqDisk *, GmqFile *file, uint64_t size, GError **)
    {
        g_assert(file->n_appends == 0);
        g_assert(size <= file->bytes.size());
        file->bytes.resize(size);
        file->durable = std::min(file->durable, file->bytes.size());
        return true;
    }

    static bool
    renew(GmqDisk *disk, GmqFile *file, uint64_t offset, GmqSlice bytes, GError **error)
    {
        FakeDisk *self = of(disk);
        size_t some    = std::min(bytes.size, self->renewed_most);

        g_assert(file->n_appends == 0);
        g_assert(bytes.size <= file->bytes.size() - offset);
        g_assert(bytes.size == 0 ||
                 memcmp(file->bytes.data() + offset, bytes.data, bytes.size) == 0);
        self->n_renewed += some;
        if (!self->is_lying && offset <= file->durable)
            file->durable = std::max(file->durable, static_cast<size_t>(offset) + some);
        if (some == self->renewed_most) {
            g_set_error(error, GMQ_DISK_ERROR, GMQ_DISK_ERROR_FAILED, "the power is gone");
            return false;
        }
        file->bytes.resize(offset + bytes.size);
        if (offset <= file->durable) {
            file->is_poisoned = false;
            file->is_named    = true;
        }
        file->durable = std::min(file->durable, file->bytes.size());
        return true;
    }

    static void
    remove(GmqDisk *disk, const char *name)
    {
        Pending one;

        one.name = name;
        of(disk)->pending_.push_back(std::move(one));
    }

    static uint64_t
    free_space(GmqDisk *disk)
    {
        FakeDisk *self = of(disk);
        uint64_t used  = self->used_bytes();

        return used > self->capacity ? 0 : self->capacity - used;
    }

    Base base_;
    std::map<std::string, std::shared_ptr<GmqFile>> files_;
    std::set<std::shared_ptr<GmqFile>> open_;
    std::deque<Pending> pending_;
};
