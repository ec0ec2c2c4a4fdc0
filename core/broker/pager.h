/* pager.h - messages that leave memory when it runs short (AMQP.md 24.5).
 *
 * When messages hold more than GMQ_PAGE_MARK of the memory limit, those leave that are needed last:
 * queue by queue in turn some of the last that are in memory, but not those that stand at the
 * front of a queue, as long as there are others. A message that its queue keeps in the journal,
 * and that is written there, just goes; any other is written into a scratch file first. What
 * cannot leave stays, and the memory alarm holds the publishers back. Without a disk there is no
 * pager, and below the mark it costs nothing. */
#pragma once

#include "core/broker/broker.h"
#include "core/broker/queue.h"
#include "core/store/journal.h"

G_BEGIN_DECLS

typedef struct GmqPager GmqPager;

/* Returns the pager of a broker whose host has a disk. The journal is lent. */
GmqPager *gmq_pager_new(GmqBroker *broker, const GmqJournal *journal);
void gmq_pager_free(GmqPager *pager);

/* The orderly end, when nobody wants a message any more: the scratch files are removed, before what
 * the disk is asked for next. */
void gmq_pager_end(GmqPager *pager);

/* The queue has ready messages: from now on it is among those that are looked at, as its is_watched
 * says; and it goes. Messages that are still in the scratch file are the queue's to drop. */
void gmq_pager_watch(GmqPager *pager, GmqQueue *queue);
void gmq_pager_forget(GmqPager *pager, GmqQueue *queue);

/* Ends a turn: has messages leave, a bounded number of them, when they hold too much, and sees to
 * it that there is another turn when that is needed. Tells the broker what those cost that are
 * out. */
void gmq_pager_work(GmqPager *pager);

/* The input of the host: an append is done, one of the scratch files with its ticket, or one of the
 * journal, after which more messages may leave. */
void gmq_pager_stored(GmqPager *pager, uint64_t ticket, GmqDiskResult result);

/* The message of an entry that is out in the scratch files, with a reference for the caller, and
 * not charged yet; it stays there. NULL with an error. */
GmqMessage *gmq_pager_load(GmqPager *pager, const GmqEntry *entry, GError **error);

/* The message of such an entry is not wanted there any more. */
void gmq_pager_drop(GmqPager *pager, const GmqEntry *entry);

G_END_DECLS
