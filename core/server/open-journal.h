/* open-journal.h - what the journal in a data directory holds becomes the broker's, and what is
 * worth knowing is told. */
#pragma once

#include "core/broker/storage.h"

G_BEGIN_DECLS

/* Whether the disk holds a journal, whatever is in it. */
bool gmq_has_journal(GmqDisk *disk);

/* Opens the storage of a broker whose host has its disk in the directory of that path. *is_first
 * tells that nothing was found, as after a first start that was cut short. A torn tail that was
 * cut, and what was found when that took long, are messages in the log. False with an error, a
 * sentence without its full stop that ends with what to do. */
bool gmq_open_journal(GmqBroker *broker, const char *path, bool *is_first, GError **error);

G_END_DECLS
