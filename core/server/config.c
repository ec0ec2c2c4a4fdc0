#include "core/server/config.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "core/base/limits.h"
#include "core/base/nearest.h"
#include "core/broker/profile.h"
#include "core/net/address.h"
#include "core/server/config-scan.h"
#include "core/server/config-value.h"

G_DEFINE_QUARK(gmq - config - error - quark, gmq_config_error)

typedef enum {
    KIND_TEXT,     /* char * */
    KIND_NAME,     /* char *: 1 to 255 bytes */
    KIND_PROFILE,  /* char * */
    KIND_PLACES,   /* char **: ADDRESS:PORT, parted by semicolons */
    KIND_NUMBER,   /* uint64_t, as the others below */
    KIND_SIZE,     /* bytes */
    KIND_MEMORY,   /* bytes */
    KIND_DURATION, /* milliseconds */
} Kind;

typedef struct {
    const char *group;
    const char *key;
    Kind kind;
    size_t offset; /* in GmqConfig */
    GmqConfigRange range;
    const char *standard; /* what holds when the key is missing, as it stands in a file */
    const char *help;
} Key;

static const Key keys[] = {
#define KEY(group, key, kind, field, least, most, zero, standard, help)                            \
    {group, key, KIND_##kind, offsetof(GmqConfig, field), {least, most, zero}, standard, help},
#include "core/server/config.def"
#undef KEY
};

/* ---- values ---- */

static char *
takes_of(const Key *key)
{
    switch (key->kind) {
    case KIND_NUMBER:
        return gmq_config_number_takes(&key->range);
    case KIND_SIZE:
        return gmq_config_size_takes(&key->range);
    case KIND_MEMORY:
        return g_strdup("a share of the memory, as 40%, or a size, as 2GiB, or 0 for no limit");
    case KIND_DURATION:
        return gmq_config_duration_takes(&key->range);
    case KIND_PLACES:
        return g_strdup("one or more ADDRESS:PORT, parted by semicolons");
    case KIND_PROFILE:
        return g_strdup("one of " GMQ_PROFILE_NAMES);
    case KIND_NAME:
        return g_strdup("a name of 1 to 255 bytes");
    case KIND_TEXT:
        break;
    }
    return g_strdup("a text");
}

/* An empty item at the end is none, as GLib has it. */
static bool
set_places(char ***list, const char *text)
{
    GmqEndpoint endpoint;
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) parts             = g_strsplit(text, ";", -1);

    for (char **part = parts; *part != NULL; part++) {
        bool is_last = part[1] == NULL;

        g_strstrip(*part);
        if (is_last && (*part)[0] == '\0')
            break;
        if (!gmq_endpoint_parse(*part, &endpoint, NULL))
            return false;
        g_strv_builder_add(builder, *part);
    }
    g_auto(GStrv) found = g_strv_builder_end(builder);
    if (found[0] == NULL)
        return false;
    g_strfreev(*list);
    *list = g_steal_pointer(&found);
    return true;
}

static bool
set_text(char **text, const char *value)
{
    g_free(*text);
    *text = g_strdup(value);
    return true;
}

/* False when the value is none that the key takes. */
static bool
set_value(GmqConfig *config, const Key *key, const char *text)
{
    void *field = (char *)config + key->offset;

    switch (key->kind) {
    case KIND_TEXT:
        return set_text(field, text);
    case KIND_PROFILE:
        return gmq_profile_find(text) != NULL && set_text(field, text);
    case KIND_NAME:
        return text[0] != '\0' && strlen(text) <= GMQ_SHORTSTR_MAX && set_text(field, text);
    case KIND_PLACES:
        return set_places(field, text);
    case KIND_NUMBER:
        return gmq_config_read_number(text, &key->range, field);
    case KIND_SIZE:
        return gmq_config_read_size(text, &key->range, field);
    case KIND_MEMORY:
        return gmq_config_read_memory(text, &key->range, field);
    case KIND_DURATION:
        return gmq_config_read_duration(text, &key->range, field);
    }
    return false;
}

void
gmq_config_init(GmqConfig *config)
{
    *config = (GmqConfig){0};
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        bool is_set = set_value(config, &keys[i], keys[i].standard);

        g_assert(is_set);
    }
}

void
gmq_config_clear(GmqConfig *config)
{
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        void *field = (char *)config + keys[i].offset;

        if (keys[i].kind == KIND_PLACES)
            g_clear_pointer((char ***)field, g_strfreev);
        else if (keys[i].kind < KIND_PLACES)
            g_clear_pointer((char **)field, g_free);
    }
    g_clear_pointer(&config->users_text, g_free);
}

/* ---- keys ---- */

static const Key *
find_key(const char *group, const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (strcmp(keys[i].group, group) == 0 && strcmp(keys[i].key, name) == 0)
            return &keys[i];
    }
    return NULL;
}

static bool
has_group(const char *group)
{
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (strcmp(keys[i].group, group) == 0)
            return true;
    }
    return false;
}

/* The groups, or the keys of one, that is nearest to a word; NULL without one. */
static const char *
nearest(const char *group, const char *word)
{
    const char *names[G_N_ELEMENTS(keys)];
    size_t n = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (group == NULL)
            names[n++] = keys[i].group;
        else if (strcmp(keys[i].group, group) == 0)
            names[n++] = keys[i].key;
    }
    return gmq_nearest(word, names, n);
}

/* ---- lines ---- */

static bool
check_group(const GmqConfigLine *line, GError **error)
{
    if (has_group(line->group))
        return true;

    const char *meant = nearest(NULL, line->group);
    if (meant == NULL)
        return gmq_config_refuse(line, error, "there is no group [%s]", line->group);
    return gmq_config_refuse(line, error, "there is no group [%s]: did you mean [%s]?", line->group,
                             meant);
}

static bool
refuse_key(const GmqConfigLine *line, GError **error)
{
    const char *meant = nearest(line->group, line->key);

    if (meant == NULL)
        return gmq_config_refuse(line, error, "there is no key %s in [%s]", line->key, line->group);
    return gmq_config_refuse(line, error, "there is no key %s in [%s]: did you mean %s?", line->key,
                             line->group, meant);
}

typedef struct {
    GmqConfig *config;
    unsigned lines[G_N_ELEMENTS(keys)]; /* where each was set; 0: nowhere yet */
} Reading;

static bool
take_key(Reading *reading, const GmqConfigLine *line, GError **error)
{
    const Key *key = find_key(line->group, line->key);

    if (key == NULL)
        return refuse_key(line, error);

    unsigned *before = &reading->lines[key - keys];
    if (*before != 0)
        return gmq_config_refuse(line, error, "%s was set in line %u already", line->key, *before);
    *before = line->number;
    if (set_value(reading->config, key, line->value))
        return true;
    g_autofree char *takes = takes_of(key);
    return gmq_config_refuse(line, error, "%s takes %s, not \"%s\"", line->key, takes, line->value);
}

static bool
take_line(void *user, const GmqConfigLine *line, GError **error)
{
    return line->key == NULL ? check_group(line, error) : take_key(user, line, error);
}

bool
gmq_config_read(GmqConfig *config, const char *path, const char *text, size_t size, GError **error)
{
    Reading reading = {.config = config};

    return gmq_config_scan(path, text, size, take_line, &reading, error);
}

bool
gmq_config_load(GmqConfig *config, const char *path, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autofree char *text = NULL;
    gsize size            = 0;

    if (g_file_get_contents(path, &text, &size, &why))
        return gmq_config_read(config, path, text, size, error);
    g_set_error(error, GMQ_CONFIG_ERROR, GMQ_CONFIG_ERROR_FAILED,
                "cannot read the configuration %s: %s", path, g_strerror(errno));
    return false;
}

/* ---- writing ---- */

/* A space at an end, and what begins an escape, would be read as something else. */
static void
add_name(GString *text, const char *name)
{
    static const struct {
        char byte;
        const char *escape;
    } escapes[] = {{' ', "\\s"}, {'\n', "\\n"}, {'\t', "\\t"}, {'\r', "\\r"}, {'\\', "\\\\"}};

    for (; *name != '\0'; name++) {
        const char *escape = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(escapes); i++)
            escape = escapes[i].byte == *name ? escapes[i].escape : escape;
        if (escape == NULL)
            g_string_append_c(text, *name);
        else
            g_string_append(text, escape);
    }
}

static void
add_value(GString *text, const GmqConfig *config, const Key *key)
{
    const void *field = (const char *)config + key->offset;

    if (key->kind == KIND_NAME || key->kind == KIND_PROFILE)
        add_name(text, *(char *const *)field);
    else
        g_string_append_printf(text, "%" G_GUINT64_FORMAT "%s", *(const uint64_t *)field,
                               key->kind == KIND_DURATION ? "ms" : "");
}

char *
gmq_config_text(const GmqConfig *config)
{
    GString *text     = g_string_new(NULL);
    const char *group = "";

    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (keys[i].kind == KIND_TEXT || keys[i].kind == KIND_PLACES)
            continue;
        if (strcmp(group, keys[i].group) != 0)
            g_string_append_printf(text, "[%s]\n", keys[i].group);
        group = keys[i].group;
        g_string_append_printf(text, "%s = ", keys[i].key);
        add_value(text, config, &keys[i]);
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, FALSE);
}

/* ---- help ---- */

char *
gmq_config_help(void)
{
    GString *help     = g_string_new(NULL);
    const char *group = "";

    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (strcmp(group, keys[i].group) != 0)
            g_string_append_printf(help, "  [%s]\n", keys[i].group);
        group                    = keys[i].group;
        g_autofree char *setting = g_strdup_printf("%s = %s", keys[i].key, keys[i].standard);
        g_string_append_printf(help, "  %-28s %s\n", setting, keys[i].help);
    }
    return g_string_free(help, FALSE);
}
