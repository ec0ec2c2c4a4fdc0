/* pcap.h - a run as a capture file for Wireshark.
 *
 * What a trace does not hold is seen in a second run of its scenario, which must be the same. */
#pragma once

#include "sim/source.h"

G_BEGIN_DECLS

typedef struct {
    const char *client; /* who records, by name; NULL: the broker records all */
    int64_t from_ns;    /* only what passes from then on ... */
    int64_t to_ns;      /* ... up to then; INT64_MAX: to the end */
} GmqPcapWish;

/* Runs the source and returns the file; the caller frees it. An error when the run is not that of
 * the trace any more, or the scenario has no such client. */
GByteArray *gmq_pcap_new(const GmqSource *source, const GmqPcapWish *wish, GError **error);

/* Writes the file; the error names it and says why. */
bool gmq_pcap_save(const GByteArray *file, const char *path, GError **error);

/* Writes what the broker saw of the run of a trace between two times. */
bool gmq_pcap_write(const GmqTrace *trace, const char *path, int64_t from_ns, int64_t to_ns,
                    GError **error);

G_END_DECLS
