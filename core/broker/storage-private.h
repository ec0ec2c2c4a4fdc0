/* storage-private.h - the broker's journal, as storage.c and keep.c see it. */
#pragma once

#include "core/broker/pager.h"
#include "core/broker/recovery.h"
#include "core/broker/storage.h"

G_BEGIN_DECLS

struct GmqStorage {
    GmqBroker *broker;
    GmqHost *host;
    GmqPager *pager;       /* NULL until the journal is there */
    GmqJournal *journal;   /* NULL while it is opened */
    GmqRecovery *recovery; /* only then: the copies that were found */
    bool has_definitions;  /* it was found to have some */
    GmqTimer timer;        /* when the journal wants to be looked at, or free space */
    uint64_t crash_id;     /* of the record of the last crash; 0: there was none */
    GArray *old_crash_ids; /* of such records before it, while it is opened */
    uint64_t changes;
    uint64_t definition_mark; /* of the last of them */
    uint32_t queue_numbers;   /* given so far */
    bool is_low;              /* on free space, as of the last look */
    int64_t look_ns;          /* when free space is looked at next */
    char *trouble;            /* what could not be read; NULL: nothing */
};

/* Something could not be read back: that is a failure of the disk. */
void gmq_storage_report(GmqStorage *storage, const GError *error);

/* For the broker: frees the journal as a crash does. */
void gmq_storage_free(GmqStorage *storage);

/* Whether the definition is the record of a crash, which is taken then: messages with smaller ids
 * may have been delivered before, whatever their flags say. */
bool gmq_storage_take_crash(GmqStorage *storage, uint64_t id, GmqSlice table);

/* Writes such a record when the broker before this one came to an unclean end, and drops others. */
void gmq_storage_keep_crash(GmqStorage *storage, bool was_clean);

/* Fills the queues with the copies that were found, now that they are there; those of queues that
 * are not are dropped. Returns how many came back. */
uint64_t gmq_storage_fill(GmqStorage *storage);

G_END_DECLS
