/* capture-private.h - the inside of a capture, for the files capture*.c alone. */
#pragma once

#include "sim/capture.h"
#include "sim/pipe.h"

G_BEGIN_DECLS

/* It never happened. */
#define GMQ_NEVER INT64_MAX

/* Bytes that left together. */
typedef struct {
    uint64_t first; /* place in the stream */
    uint64_t end;
    int64_t sent_ns;
    int64_t lands_ns;   /* as it looked then */
    int64_t reaches_ns; /* likewise */
    int64_t landed_ns;  /* as it was */
    int64_t latency_ns; /* of the link */
    int64_t back_ns;    /* of the link in the other direction, when they landed */
    unsigned losses;
    bool is_again;      /* sent once more, since a cut swallowed them */
    uint64_t left_at;   /* order of all that was told */
    uint64_t landed_at; /* likewise */
} GmqPiece;

/* From then on the line was held for these reasons. */
typedef struct {
    int64_t time_ns;
    unsigned holds;
} GmqHolding;

/* One direction of a connection. */
typedef struct {
    struct GmqCapturedLine *line;
    size_t number;     /* index in all streams */
    GByteArray *bytes; /* all that left */
    GArray *pieces;    /* of GmqPiece */
    GArray *holdings;  /* of GmqHolding */
    GArray *frames;    /* of size_t: indices of its frames */
    GArray *starts;    /* of size_t: where they begin */
    unsigned n_landed; /* pieces */
    size_t n_read;
    size_t n_parsed;
    bool has_begun; /* the protocol header is behind us */
    bool is_broken; /* the rest makes no frames */

    int64_t floor_ns; /* nothing lands before what was sent earlier, but for what is lost */
    bool is_abandoned;
    int64_t dropped_ns; /* GMQ_NEVER: they were not */
    bool has_end;
    bool is_reset;
    bool is_made_up; /* by the line */
    bool has_end_landed;
    int64_t end_sent_ns;
    int64_t end_lands_ns;
    uint64_t end_left_at;
    uint64_t end_landed_at;
} GmqCapturedStream;

typedef struct GmqCapturedLine {
    GmqCapture *capture;
    char *name;
    const GmqClientSpec *client;
    const GmqLinkSpec *links;
    GmqPipe *pipes[GMQ_N_SIDES];
    unsigned address;
    unsigned number;
    bool is_refused;
    int64_t knocked_ns;
    int64_t opened_ns;
    int64_t latency_ns[2]; /* of its links when it was opened */
    uint64_t opened_at;
    GmqCapturedStream streams[GMQ_N_SIDES];
} GmqCapturedLine;

struct GmqCapture {
    GmqWorld *world;
    GPtrArray *lines;    /* of GmqCapturedLine */
    GPtrArray *streams;  /* of GmqCapturedStream; lent by the lines */
    GHashTable *by_name; /* of names to lines; look-up only */
    GArray *frames;      /* of GmqCapturedFrame; their slices are filled in at the end */
    GArray *places;      /* of GmqFramePlace, one for each of them */
    uint64_t n_told;
};

/* Where the bytes of a frame are. */
typedef struct {
    GmqCapturedStream *stream;
    size_t first;
    size_t size;
} GmqFramePlace;

/* Something that passes the near end. */
typedef enum {
    GMQ_PASS_SYN, /* out or in, alone or with an answer */
    GMQ_PASS_SYN_ACK,
    GMQ_PASS_DATA,
    GMQ_PASS_ACK, /* of what the far end has got */
    GMQ_PASS_END, /* FIN or RST */
    GMQ_PASS_REFUSAL,
} GmqPassKind;

/* Pieces that pass together, or else what kind says. */
typedef struct {
    const GmqCapturedLine *line;
    GmqWireSide side;
    GmqPassKind kind;
    int64_t time_ns;
    uint64_t at;    /* order of what passes at the same time */
    uint64_t first; /* of data */
    uint64_t end;
    int64_t heard_ns; /* when the far end sent it: it had got then what it acknowledges */
} GmqPass;

/* All that passes the end from which out leaves, of the lines of one client, by name, or of all, in
 * the order of time: an array of GmqPass, which the caller frees. */
GArray *gmq_capture_passes(const GmqCapture *capture, GmqWireSide out, const char *client);

/* When a piece was there; GMQ_NEVER: it was not. What nobody reads any more lands all the same. */
int64_t gmq_capture_landing(const GmqCapturedStream *stream, const GmqPiece *piece);

/* More bytes of the stream were read: frames that are whole now are kept. */
void gmq_capture_read(GmqCapturedStream *stream);

/* Ties frames to events and to one another. */
void gmq_capture_tie(GmqCapture *capture);

G_END_DECLS
