/* deed.h - what an entry of the timeline does: how it is read, done, and undone.
 *
 * Each deed is a row of deed.def and a class in one of the files deed-*.c. A deed that takes more
 * than a name reads the rest into a struct of its own, which only its class knows. */
#pragma once

#include "sim/reader.h"
#include "sim/world.h"

G_BEGIN_DECLS

typedef struct {
    /* Reads nodes->deeds[deed->kind], the node behind its key, and the keys that belong to it, into
     * the name and the spec of the deed; what is wrong becomes a problem. Other deeds of the entry
     * can be seen among the nodes. */
    void (*read)(GmqScenarioReader *reader, const GmqEntryNodes *nodes, GmqDeed *deed);

    /* Does it, in its place of the schedule and outside of the core. The world's cause is that of
     * the entry. */
    void (*act)(GmqWorld *world, const GmqTimelineEntry *entry, const GmqDeed *deed);

    /* Undoes it, after "for"; NULL when it cannot be undone. */
    void (*undo)(GmqWorld *world, const GmqDeed *deed);

    bool is_fault; /* "calm" undoes it before its time */
} GmqDeedClass;

#define DEED(NAME, key, class_) extern const GmqDeedClass gmq_deed_##class_;
#include "sim/deed.def"

const GmqDeedClass *gmq_deed_class(GmqDeedKind kind);

/* "crash" */
const char *gmq_deed_key(GmqDeedKind kind);

/* The deed of that kind in an entry; NULL without one. */
const GmqDeed *gmq_deed_find(const GmqTimelineEntry *entry, GmqDeedKind kind);

/* ---- for the classes ---- */

/* Takes the text behind the key as the name, which must be that of one of these: GmqNameKinds. */
void gmq_deed_read_name(GmqScenarioReader *reader, const GmqEntryNodes *nodes, GmqDeed *deed,
                        unsigned kinds);

/* Size bytes of zeros for a spec; they live as long as the scenario. */
void *gmq_deed_new_spec(GmqScenarioReader *reader, size_t size);

/* Announces what happens to whom; it is the cause of what follows from it. */
void gmq_deed_note(GmqWorld *world, GmqEventKind kind, const char *who, const char *text);

G_END_DECLS
