/* units.h - what scenario files say in numbers with units, as whole numbers (never floats).
 *
 * Each reader takes the whole text or fails. Numbers may have a decimal point where a unit
 * follows: "1.5s" is 1500000000 ns; what is finer than the smallest unit is refused. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

/* Whole numbers: "12". */
bool gmq_read_count(const char *text, uint64_t *count);

/* "250ms" with ns, us, ms, s or min, to ns. The plain "0" needs no unit. */
bool gmq_read_duration(const char *text, int64_t *ns);

/* "300ms", or "exp 300ms" for delays that are exponential with that mean. */
bool gmq_read_delay(const char *text, bool *is_exponential, int64_t *ns);

/* "64KiB" with B, kB, KiB, MB or MiB, to bytes. */
bool gmq_read_size(const char *text, uint64_t *bytes);

/* "64 kbit/s" with bit/s, kbit/s or Mbit/s, to bit/s. */
bool gmq_read_rate(const char *text, uint64_t *bits);

/* "2%" or "0.5%", to parts of a million; at most "100%". */
bool gmq_read_percent(const char *text, uint64_t *parts);

/* yes, no, true, false. */
bool gmq_read_truth(const char *text, bool *truth);

/* "12", ">= 3", "<= 20" or "3..5", to the numbers that fit; read reads each of them. */
typedef bool (*GmqReadNumber)(const char *text, uint64_t *number);
bool gmq_read_range(const char *text, GmqReadNumber read, uint64_t *least, uint64_t *most);

/* A duration for gmq_read_range(). */
bool gmq_read_range_duration(const char *text, uint64_t *ns);

/* "2026-01-01T00:00:00Z", to ms since 1970. */
bool gmq_read_moment(const char *text, int64_t *ms);

/* A seed: decimal, 0x and hex, or the 40 digits of a commit, which are folded. */
bool gmq_read_seed(const char *text, uint64_t *seed);

/* For people: "1.470s" rounded down to ms; "250ms", "1.5s" as short as it can be said exactly. The
 * caller frees them. */
char *gmq_time_text(int64_t ns);
char *gmq_duration_text(int64_t ns);

G_END_DECLS
