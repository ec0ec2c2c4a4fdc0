/* config-value.h - the kinds of values in a configuration: each reads a text, and says what it
 * takes. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

G_BEGIN_DECLS

/* What a number may be. */
typedef struct {
    uint64_t least;
    uint64_t most;
    bool may_be_zero; /* 0 means "no limit", whatever least is */
} GmqConfigRange;

/* "7": a whole decimal number. */
bool gmq_config_read_number(const char *text, const GmqConfigRange *range, uint64_t *value);

/* "131072", "128KiB", "2G" (1024 each), "1MB" (1000 each), case does not matter. */
bool gmq_config_read_size(const char *text, const GmqConfigRange *range, uint64_t *bytes);

/* "1500ms", "30s", "30min", "12h", "7d"; milliseconds without a unit. */
bool gmq_config_read_duration(const char *text, const GmqConfigRange *range, uint64_t *ms);

/* A size as above, or "40%" of the machine's memory. */
bool gmq_config_read_memory(const char *text, const GmqConfigRange *range, uint64_t *bytes);

/* Return "a size from 4KiB to 2GiB, or 0"; the caller frees it. */
char *gmq_config_number_takes(const GmqConfigRange *range);
char *gmq_config_size_takes(const GmqConfigRange *range);
char *gmq_config_duration_takes(const GmqConfigRange *range);

G_END_DECLS
