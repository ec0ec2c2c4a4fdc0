/* read-at.h - reading a place of a file, however often the kernel interrupts it. */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

G_BEGIN_DECLS

/* Reads size bytes at offset, and returns how many it could; when there are fewer, errno says why,
 * 0 at the end of the file. */
size_t gmq_read_at(int fd, uint64_t offset, uint8_t *to, size_t size);

G_END_DECLS
