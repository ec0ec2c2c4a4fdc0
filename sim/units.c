#include "sim/units.h"

#include "core/base/wide.h"

typedef struct {
    const char *name;
    uint64_t size; /* in the smallest unit */
} Unit;

static const Unit durations[] = {
    {"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", 1000000000}, {"min", 60000000000}, {NULL, 0},
};
static const Unit sizes[] = {
    {"B", 1}, {"kB", 1000}, {"KiB", 1024}, {"MB", 1000000}, {"MiB", 1048576}, {NULL, 0},
};
static const Unit rates[] = {
    {"bit/s", 1},
    {"kbit/s", 1000},
    {"Mbit/s", 1000000},
    {NULL, 0},
};

static const Unit percents[] = {{"%", 10000}, {NULL, 0}};

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads the digits that *at begins with and steps over them; false without any and past 64 bits. */
static bool
read_digits(const char **at, uint64_t *number)
{
    const char *start = *at;

    *number = 0;
    while (is_digit(**at)) {
        if (__builtin_mul_overflow(*number, 10, number) ||
            __builtin_add_overflow(*number, (uint64_t)(**at - '0'), number))
            return false;
        (*at)++;
    }
    return *at != start;
}

bool
gmq_read_count(const char *text, uint64_t *count)
{
    return read_digits(&text, count) && *text == '\0';
}

static const Unit *
find_unit(const Unit *units, const char *name)
{
    while (units->name != NULL && strcmp(units->name, name) != 0)
        units++;
    return units->name == NULL ? NULL : units;
}

/* Adds what stands behind the decimal point; it must come out whole. */
static bool
add_fraction(const char *digits, size_t n, uint64_t unit, uint64_t *sum)
{
    uint64_t parts = 0; /* of 10^n */
    uint64_t whole = 1;
    uint64_t rest  = 1; /* as long as it did not come out */

    if (n > 12)
        return false;
    for (size_t i = 0; i < n; i++) {
        parts = parts * 10 + (unsigned)(digits[i] - '0');
        whole *= 10;
    }
    uint64_t value = gmq_wide_divide(gmq_wide_multiply(parts, unit), whole, &rest);
    return rest == 0 && !__builtin_add_overflow(*sum, value, sum);
}

static bool
read_with_unit(const char *text, const Unit *units, uint64_t *sum)
{
    const char *fraction = NULL;
    size_t n_fraction    = 0;

    if (!read_digits(&text, sum))
        return false;
    if (*text == '.') {
        fraction = ++text;
        while (is_digit(*text))
            text++;
        n_fraction = (size_t)(text - fraction);
        if (n_fraction == 0)
            return false;
    }
    if (*text == ' ')
        text++;

    const Unit *unit = find_unit(units, text);
    if (unit == NULL || __builtin_mul_overflow(*sum, unit->size, sum))
        return false;
    return add_fraction(fraction, n_fraction, unit->size, sum);
}

bool
gmq_read_duration(const char *text, int64_t *ns)
{
    uint64_t sum;

    if (strcmp(text, "0") == 0) {
        *ns = 0;
        return true;
    }
    if (!read_with_unit(text, durations, &sum) || sum > INT64_MAX)
        return false;
    *ns = (int64_t)sum;
    return true;
}

bool
gmq_read_delay(const char *text, bool *is_exponential, int64_t *ns)
{
    *is_exponential = g_str_has_prefix(text, "exp ");
    return gmq_read_duration(*is_exponential ? text + strlen("exp ") : text, ns);
}

bool
gmq_read_size(const char *text, uint64_t *bytes)
{
    return read_with_unit(text, sizes, bytes);
}

bool
gmq_read_rate(const char *text, uint64_t *bits)
{
    return read_with_unit(text, rates, bits);
}

bool
gmq_read_percent(const char *text, uint64_t *parts)
{
    uint64_t sum;

    if (!read_with_unit(text, percents, &sum) || sum > 1000000)
        return false;
    *parts = sum;
    return true;
}

bool
gmq_read_truth(const char *text, bool *truth)
{
    *truth = strcmp(text, "yes") == 0 || strcmp(text, "true") == 0;
    return *truth || strcmp(text, "no") == 0 || strcmp(text, "false") == 0;
}

bool
gmq_read_range_duration(const char *text, uint64_t *ns)
{
    int64_t signed_ns;

    if (!gmq_read_duration(text, &signed_ns))
        return false;
    *ns = (uint64_t)signed_ns;
    return true;
}

/* The text behind the sign and its blanks. */
static const char *
skip_sign(const char *text)
{
    text += 2;
    while (*text == ' ')
        text++;
    return text;
}

bool
gmq_read_range(const char *text, GmqReadNumber read, uint64_t *least, uint64_t *most)
{
    const char *dots = strstr(text, "..");

    *least = 0;
    *most  = UINT64_MAX;
    if (g_str_has_prefix(text, ">="))
        return read(skip_sign(text), least);
    if (g_str_has_prefix(text, "<="))
        return read(skip_sign(text), most);
    if (dots == NULL) {
        bool ok = read(text, least);
        *most   = *least;
        return ok;
    }

    g_autofree char *first = g_strndup(text, (size_t)(dots - text));
    return read(g_strstrip(first), least) && read(skip_sign(dots), most) && *least <= *most;
}

bool
gmq_read_moment(const char *text, int64_t *ms)
{
    g_autoptr(GDateTime) moment = NULL;

    /* GDateTime reads more than we promise: local times and times without seconds. */
    if (strlen(text) != strlen("2026-01-01T00:00:00Z") || !g_str_has_suffix(text, "Z"))
        return false;
    moment = g_date_time_new_from_iso8601(text, NULL);
    if (moment == NULL)
        return false;
    *ms = g_date_time_to_unix(moment) * 1000;
    return *ms >= 0;
}

static bool
read_hex(const char *text, size_t n, uint64_t *number)
{
    *number = 0;
    for (size_t i = 0; i < n; i++) {
        int digit = g_ascii_xdigit_value(text[i]);

        if (digit < 0)
            return false;
        *number = *number << 4 | (uint64_t)digit;
    }
    return n > 0;
}

/* Eight digits of the commit at a time are folded into the seed. */
static bool
read_commit(const char *text, uint64_t *seed)
{
    *seed = 0;
    for (size_t i = 0; i < 40; i += 8) {
        uint64_t part;

        if (!read_hex(text + i, 8, &part))
            return false;
        *seed = (*seed << 13 | *seed >> 51) ^ part;
    }
    return true;
}

bool
gmq_read_seed(const char *text, uint64_t *seed)
{
    size_t length = strlen(text);

    if (length == 40)
        return read_commit(text, seed);
    if (g_str_has_prefix(text, "0x"))
        return length <= 18 && read_hex(text + 2, length - 2, seed);
    return gmq_read_count(text, seed);
}

char *
gmq_time_text(int64_t ns)
{
    int64_t ms = ns / 1000000;
    return g_strdup_printf("%" G_GINT64_FORMAT ".%03us", ms / 1000, (unsigned)(ms % 1000));
}

/* The largest unit that says the time with at most three digits behind the point. */
char *
gmq_duration_text(int64_t ns)
{
    uint64_t left    = (uint64_t)ns;
    const Unit *unit = &durations[3];

    while (unit > durations && (left < unit->size || left * 1000 % unit->size != 0))
        unit--;

    uint64_t thousandths      = left % unit->size * 1000 / unit->size;
    g_autofree char *fraction = g_strdup_printf(".%03u", (unsigned)thousandths);
    for (size_t end = strlen(fraction); end > 0 && strchr("0.", fraction[end - 1]) != NULL; end--)
        fraction[end - 1] = '\0';
    return g_strdup_printf("%" G_GUINT64_FORMAT "%s%s", left / unit->size, fraction, unit->name);
}
