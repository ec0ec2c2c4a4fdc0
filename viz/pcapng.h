/* pcapng.h - packets as a file for Wireshark: pcapng with IPv4 and TCP (IETF draft
 * ietf-opsawg-pcapng; link type 101).
 *
 * Blocks are appended to bytes in little-endian order. The broker is 10.0.0.1, port 5672; the n-th
 * client is 10.0.1.n, and its connections have ports from 40001 on. */
#pragma once

#include "sim/capture.h"

G_BEGIN_DECLS

/* The section header, and the one interface, which has that name. */
void gmq_pcapng_begin(GByteArray *bytes, const char *interface);

/* Which names the addresses of clients have, in their order: of GmqClientSpec. */
void gmq_pcapng_add_names(GByteArray *bytes, const GPtrArray *clients);

/* One packet at that time of the wall clock; identification counts those of its sender. comments
 * are texts, of which there may be none;
 * is_inbound: it comes to who records it. */
void gmq_pcapng_add_packet(GByteArray *bytes, const GmqPacket *packet, uint16_t identification,
                           uint64_t wall_ns, bool is_inbound, const GPtrArray *comments);

G_END_DECLS
