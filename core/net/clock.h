/* clock.h - the machine's two clocks. */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

/* Nanoseconds since some moment before the program began; never runs back. */
int64_t gmq_clock_now_ns(void);

/* Nanoseconds that this thread has had a processor. */
int64_t gmq_clock_cpu_ns(void);

/* Milliseconds since 1970; runs as the administrator sets it. */
int64_t gmq_clock_wall_ms(void);

G_END_DECLS
