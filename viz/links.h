/* links.h - the lines between clients and broker at one moment, and what befalls them and the disk.
 *
 * It is made from the scenario of the stage and the faults up to a picture's event. */
#pragma once

#include "viz/stage.h"

G_BEGIN_DECLS

typedef enum {
    GMQ_LINK_OK,
    GMQ_LINK_WAITING, /* not connected */
    GMQ_LINK_WORSE,   /* it loses bytes, or is not as it was at the start */
    GMQ_LINK_LATE,
    GMQ_LINK_FROZEN, /* its client is */
    GMQ_LINK_CUT,
    GMQ_LINK_CRASHED, /* its client has */
} GmqLinkState;

/* One client's line. */
typedef struct {
    unsigned client;     /* index in the picture */
    GmqLinkSpec both[2]; /* to the broker, from the broker */
    bool is_same;        /* both directions are alike */
    GmqLinkState state;
    const char *word;   /* "ok", "CUT", "not connected" */
    size_t n_to_broker; /* messages and answers on their way */
    size_t n_from_broker;
    uint64_t event; /* the last fault that it had; 0: none yet */
} GmqLinkNow;

/* Something that lasts: a cut, a freeze, a link that was made worse, a disk that fails. */
typedef struct {
    uint64_t event;
    const char *who;
} GmqFaultNow;

typedef struct {
    GArray *links;        /* of GmqLinkNow, in order of the clients; empty without a scenario */
    GArray *faults;       /* of GmqFaultNow, oldest first */
    uint64_t next;        /* event of the next fault; 0: none comes */
    int64_t sync_ns;      /* how long the disk needs for a sync */
    int64_t last_sync_ns; /* when it last said that a message is stored; -1: not yet */
    uint64_t n_stored;    /* messages that it has stored so far */
} GmqLinks;

GmqLinks *gmq_links_new(const GmqStage *stage, const GmqPicture *now);
void gmq_links_free(GmqLinks *links);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqLinks, gmq_links_free)

/* The times of the whole run in which some line is cut, clogged, or worse than it was; of GmqGap.
 * The caller frees the list. */
GArray *gmq_links_bad_times(const GmqStage *stage);

G_END_DECLS
