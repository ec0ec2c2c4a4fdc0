/* memory.h - keeps memory at hand while the broker is busy, and gives it back when it is not. */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct {
    int64_t quiet_at_ns; /* nothing happened until then: time to look */
    int64_t look_at_ns;  /* time to look even if much happens */
} GmqMemory;

/* Sets up the allocator of the process for a broker. */
void gmq_memory_init(GmqMemory *memory);

/* Once per turn: now and then looks how much memory lies idle, and gives it back if it is a lot. */
void gmq_memory_settle(GmqMemory *memory, int64_t now_ns);

/* When gmq_memory_settle() wants its next turn; INT64_MAX: not before something happens. */
int64_t gmq_memory_deadline(const GmqMemory *memory);

G_END_DECLS
