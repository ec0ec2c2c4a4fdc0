/* Definitions of virtual hosts. Predeclared exchanges come with them. */
#include "core/broker/definition-private.h"
#include "core/broker/label.h"
#include "core/broker/vhost.h"

/* ---- that there is one ---- */

typedef struct {
    GmqSlice name;
} Words;

static const GmqKey keys[] = {
    {"name", GMQ_KEY_NAME, offsetof(Words, name)},
    {0},
};

void
gmq_definition_keep_vhost(GmqVhost *vhost)
{
    const Words words = {vhost->name};

    gmq_definition_put(vhost->broker, &vhost->record, &gmq_definition_vhost, &words);
}

static bool
apply(GmqBroker *broker, const void *values, GError **error)
{
    const Words *words = values;

    gmq_broker_remove_vhost(broker, words->name, NULL);
    return gmq_broker_add_vhost(broker, words->name, error) != NULL;
}

const GmqDefinitionType gmq_definition_vhost = {"vhost", keys, sizeof(Words), apply};

/* ---- what is said of it ---- */

typedef struct {
    GmqSlice vhost;
    GmqSlice description;
    GmqSlice tags;
    GmqSlice limits;
} SettingsWords;

static const GmqKey settings_keys[] = {
    {"vhost", GMQ_KEY_NAME, offsetof(SettingsWords, vhost)},
    {"description", GMQ_KEY_TEXT, offsetof(SettingsWords, description)},
    {"tags", GMQ_KEY_TEXTS, offsetof(SettingsWords, tags)},
    {"limits", GMQ_KEY_TABLE, offsetof(SettingsWords, limits)},
    {0},
};

static const char *
limit_name(unsigned limit)
{
    return gmq_vhost_limit_name((GmqVhostLimit)limit);
}

void
gmq_definition_keep_vhost_settings(GmqVhost *vhost)
{
    g_auto(GmqBuffer) tags   = {0};
    g_auto(GmqBuffer) limits = {0};

    if (!gmq_definition_is_kept(vhost->broker))
        return;
    gmq_tags_write(vhost->tags, &tags);
    gmq_limits_write(vhost->limits, GMQ_N_VHOST_LIMITS, limit_name, &limits);

    const SettingsWords words = {
        .vhost       = vhost->name,
        .description = gmq_slice_of(vhost->description),
        .tags        = gmq_buffer_slice(&tags),
        .limits      = gmq_buffer_slice(&limits),
    };
    gmq_definition_put(vhost->broker, &vhost->settings_record, &gmq_definition_vhost_settings,
                       &words);
}

static bool
set_limit(void *vhost, GmqSlice name, int64_t value, GError **error)
{
    return gmq_vhost_set_limit(vhost, name, value, error);
}

static bool
apply_settings(GmqBroker *broker, const void *values, GError **error)
{
    const SettingsWords *words = values;
    g_autofree char *text      = gmq_slice_dup(words->description);
    g_auto(GStrv) tags         = gmq_tags_read(words->tags);
    GmqVhost *vhost            = gmq_broker_need_vhost(broker, words->vhost, error);

    if (vhost == NULL)
        return false;
    gmq_vhost_set_description(vhost, text);
    gmq_vhost_set_tags(vhost, (const char *const *)tags);
    gmq_limits_clear(vhost->limits, GMQ_N_VHOST_LIMITS);
    return gmq_limits_read(words->limits, set_limit, vhost, error);
}

const GmqDefinitionType gmq_definition_vhost_settings = {"vhost_settings", settings_keys,
                                                         sizeof(SettingsWords), apply_settings};
