/* journal-json.h - records of the journal as JSON, for people and their programs. */
#pragma once

#include "core/server/json.h"
#include "core/store/record.h"

G_BEGIN_DECLS

/* Adds the members that say what is in a record: its type first. Of a message's body at most
 * body_max bytes are shown, as text when they are one, otherwise in base64. copies, of
 * GmqRecordCopy, stand in place of the record's own; NULL: those. */
void gmq_journal_json_record(GmqJson *json, const GmqRecord *record, const GArray *copies,
                             uint64_t body_max);

G_END_DECLS
