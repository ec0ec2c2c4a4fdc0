#include "core/server/config-value.h"

#include <string.h>
#include <unistd.h>

typedef struct {
    const char *name;
    uint64_t factor;
} Unit;

#define KI UINT64_C(1024)
#define K UINT64_C(1000)

/* The first unit of a factor is the one that is written. */
static const Unit sizes[] = {
    {"", 1},
    {"B", 1},
    {"KiB", KI},
    {"K", KI},
    {"MiB", KI *KI},
    {"M", KI *KI},
    {"GiB", KI *KI *KI},
    {"G", KI *KI *KI},
    {"TiB", KI *KI *KI *KI},
    {"T", KI *KI *KI *KI},
    {"KB", K},
    {"MB", K *K},
    {"GB", K *K *K},
    {"TB", K *K *K *K},
};

static const Unit durations[] = {
    {"ms", 1},
    {"", 1},
    {"s", 1000},
    {"min", 60 * 1000},
    {"h", 60 * 60 * 1000},
    {"d", 24 * 3600 * 1000},
};

static bool
is_in(const GmqConfigRange *range, uint64_t value)
{
    return (value == 0 && range->may_be_zero) || (value >= range->least && value <= range->most);
}

/* Digits, blanks, and a unit. */
static bool
read_with_unit(const char *text, const Unit *units, size_t n_units, uint64_t *value)
{
    size_t n_digits = strspn(text, "0123456789");
    const char *end = text + n_digits;
    guint64 number;

    g_autofree char *digits = g_strndup(text, n_digits);
    if (!g_ascii_string_to_unsigned(digits, 10, 0, UINT64_MAX, &number, NULL))
        return false;
    end += strspn(end, " ");
    for (size_t i = 0; i < n_units; i++) {
        if (g_ascii_strcasecmp(end, units[i].name) != 0)
            continue;
        *value = number * units[i].factor;
        return number <= UINT64_MAX / units[i].factor;
    }
    return false;
}

bool
gmq_config_read_number(const char *text, const GmqConfigRange *range, uint64_t *value)
{
    guint64 number;

    if (!g_ascii_string_to_unsigned(text, 10, 0, UINT64_MAX, &number, NULL) ||
        !is_in(range, number))
        return false;
    *value = number;
    return true;
}

static bool
read_in(const char *text, const GmqConfigRange *range, const Unit *units, size_t n_units,
        uint64_t *value)
{
    uint64_t found;

    if (!read_with_unit(text, units, n_units, &found) || !is_in(range, found))
        return false;
    *value = found;
    return true;
}

bool
gmq_config_read_size(const char *text, const GmqConfigRange *range, uint64_t *bytes)
{
    return read_in(text, range, sizes, G_N_ELEMENTS(sizes), bytes);
}

bool
gmq_config_read_duration(const char *text, const GmqConfigRange *range, uint64_t *ms)
{
    return read_in(text, range, durations, G_N_ELEMENTS(durations), ms);
}

static uint64_t
memory_of_machine(void)
{
    long pages = sysconf(_SC_PHYS_PAGES);
    long size  = sysconf(_SC_PAGESIZE);

    return pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : UINT64_MAX / 100;
}

bool
gmq_config_read_memory(const char *text, const GmqConfigRange *range, uint64_t *bytes)
{
    static const GmqConfigRange percents = {1, 100, false};
    size_t size                          = strlen(text);
    uint64_t percent;

    if (size == 0 || text[size - 1] != '%')
        return gmq_config_read_size(text, range, bytes);

    g_autofree char *number = g_strchomp(g_strndup(text, size - 1));
    if (!gmq_config_read_number(number, &percents, &percent))
        return false;
    *bytes = memory_of_machine() / 100 * percent;
    return true;
}

/* ---- what they take ---- */

/* With the largest unit that leaves nothing over. */
static char *
write_with_unit(uint64_t value, const Unit *units, size_t n_units)
{
    const Unit *best = &units[0];

    for (size_t i = 1; i < n_units; i++) {
        if (value != 0 && value % units[i].factor == 0 && units[i].factor > best->factor)
            best = &units[i];
    }
    return g_strdup_printf("%" G_GUINT64_FORMAT "%s", (guint64)(value / best->factor), best->name);
}

static char *
write_takes(const char *what, const GmqConfigRange *range, const Unit *units, size_t n_units)
{
    g_autofree char *least = write_with_unit(range->least, units, n_units);
    g_autofree char *most  = write_with_unit(range->most, units, n_units);

    return g_strdup_printf("%s from %s to %s%s", what, least, most,
                           range->may_be_zero ? ", or 0 for no limit" : "");
}

char *
gmq_config_number_takes(const GmqConfigRange *range)
{
    return write_takes("a whole number", range, sizes, 1);
}

char *
gmq_config_size_takes(const GmqConfigRange *range)
{
    return write_takes("a size", range, sizes, G_N_ELEMENTS(sizes));
}

char *
gmq_config_duration_takes(const GmqConfigRange *range)
{
    return write_takes("a time", range, durations, G_N_ELEMENTS(durations));
}
