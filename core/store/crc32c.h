/* crc32c.h - the checksum of the journal's records: CRC-32C (Castagnoli), as in iSCSI and ext4.
 *
 * The processor's own instruction does it where there is one, at the speed of reading; a table
 * gives the same result elsewhere. */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

G_BEGIN_DECLS

/* Goes on with the checksum of the bytes before these; 0 to begin with. */
uint32_t gmq_crc32c(uint32_t crc, const void *data, size_t size);

/* The same without the instruction. */
uint32_t gmq_crc32c_by_table(uint32_t crc, const void *data, size_t size);

G_END_DECLS
