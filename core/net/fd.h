/* fd.h - what is asked of a file, as often as the kernel interrupts it. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

/* Each is false when it cannot be done, and errno says why. */
bool gmq_fd_write_at(int fd, uint64_t offset, GmqSlice bytes);
bool gmq_fd_cut(int fd, uint64_t size);

/* Has the bytes and the size on the disk, or all that there is to know of the file. */
bool gmq_fd_sync_data(int fd);
bool gmq_fd_sync(int fd);

G_END_DECLS
