/* capture.h - all bytes of a run: as frames with what they are about, and as packets of TCP.
 *
 * A capture watches a world and changes nothing in it. When the run is over, frames tell what each
 * reader understood, in the order in which it came; packets tell what somebody would have seen who
 * recorded the line at one of its ends. The connection that declares the topology is left out. */
#pragma once

#include "core/wire/frame.h"
#include "sim/world.h"

G_BEGIN_DECLS

typedef struct GmqCapture GmqCapture;

/* Looks at a world that has not begun. The world is lent and must outlive the capture. */
GmqCapture *gmq_capture_new(GmqWorld *world);
void gmq_capture_free(GmqCapture *capture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqCapture, gmq_capture_free)

/* The run is over: frames are tied to events and to one another. Call it once. */
void gmq_capture_finish(GmqCapture *capture);

/* What has reached its reader whole. All is lent by the capture. */
typedef struct {
    const char *connection; /* "w1", and "w1#2" when its client comes again */
    const char *client;
    GmqWireSide side;
    int64_t time_ns;
    uint64_t after; /* number of the last event before it; 0: none */
    GmqSlice bytes; /* from its first to its frame-end */
    GmqFrame frame; /* type 0: it is none, but a protocol header or what makes no sense */
    uint64_t event; /* the number of the event that it made, or that made it; 0: none */
    size_t partner; /* of a publish its confirm, of a delivery its ack, and the other way round: the
                       index plus one; 0: none */
} GmqCapturedFrame;

size_t gmq_capture_frame_count(const GmqCapture *capture);
const GmqCapturedFrame *gmq_capture_frame(const GmqCapture *capture, size_t index);

typedef enum {
    GMQ_TCP_FIN = 1 << 0,
    GMQ_TCP_SYN = 1 << 1,
    GMQ_TCP_RST = 1 << 2,
    GMQ_TCP_PSH = 1 << 3,
    GMQ_TCP_ACK = 1 << 4,
} GmqTcpFlag;

typedef struct {
    int64_t time_ns;
    const char *name;    /* of the connection */
    const char *client;  /* its client */
    unsigned address;    /* of the client, 1, 2, 3 ... in the order of the file */
    unsigned connection; /* 1, 2, 3 ... in the order of connecting */
    GmqWireSide side;
    unsigned flags; /* of GmqTcpFlag */
    uint32_t sequence;
    uint32_t acknowledged;
    GmqSlice bytes;
    size_t stream; /* which stream they are of, for gmq_capture_frames_in() */
    size_t first;  /* the place of their first in it */
} GmqPacket;

/* The packets that pass the broker's end of all lines, or that of one client, by name, in the order
 * of time: an array of GmqPacket, which the caller frees. Bytes are lent by the capture. */
GArray *gmq_capture_packets(const GmqCapture *capture, const char *client);

/* The indices of the frames that begin in the packet: *n of them from the answer on, of which each
 * is an index of gmq_capture_frame(). Lent. */
const size_t *gmq_capture_frames_in(const GmqCapture *capture, const GmqPacket *packet, size_t *n);

G_END_DECLS
