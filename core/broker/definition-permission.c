/* Definitions of permissions and topic permissions. */
#include "core/broker/definition-private.h"
#include "core/broker/permission.h"
#include "core/broker/user.h"
#include "core/broker/vhost.h"

typedef struct {
    GmqSlice user;
    GmqSlice vhost;
    GmqSlice exchange; /* of a topic permission */
    GmqSlice configure;
    GmqSlice write;
    GmqSlice read;
    int64_t number;
} Words;

static const GmqKey keys[] = {
    {"user", GMQ_KEY_NAME, offsetof(Words, user)},
    {"vhost", GMQ_KEY_NAME, offsetof(Words, vhost)},
    {"configure", GMQ_KEY_TEXT, offsetof(Words, configure)},
    {"write", GMQ_KEY_TEXT, offsetof(Words, write)},
    {"read", GMQ_KEY_TEXT, offsetof(Words, read)},
    {"number", GMQ_KEY_NUMBER, offsetof(Words, number)},
    {0},
};

static const GmqKey topic_keys[] = {
    {"user", GMQ_KEY_NAME, offsetof(Words, user)},
    {"vhost", GMQ_KEY_NAME, offsetof(Words, vhost)},
    {"exchange", GMQ_KEY_NAME, offsetof(Words, exchange)},
    {"write", GMQ_KEY_TEXT, offsetof(Words, write)},
    {"read", GMQ_KEY_TEXT, offsetof(Words, read)},
    {"number", GMQ_KEY_NUMBER, offsetof(Words, number)},
    {0},
};

void
gmq_definition_keep_permission(const GmqUser *user, GmqPermission *permission)
{
    const GmqPattern *patterns = permission->patterns;
    const Words words          = {
                 .user      = user->name,
                 .vhost     = permission->vhost->name,
                 .configure = gmq_slice_of(patterns[GMQ_ACCESS_CONFIGURE].text),
                 .write     = gmq_slice_of(patterns[GMQ_ACCESS_WRITE].text),
                 .read      = gmq_slice_of(patterns[GMQ_ACCESS_READ].text),
                 .number    = permission->number,
    };

    gmq_definition_put(user->broker, &permission->record, &gmq_definition_permission, &words);
}

void
gmq_definition_keep_topic_permission(const GmqUser *user, GmqTopicPermission *permission)
{
    const Words words = {
        .user     = user->name,
        .vhost    = permission->vhost->name,
        .exchange = permission->exchange,
        .write    = gmq_slice_of(permission->write),
        .read     = gmq_slice_of(permission->read),
        .number   = permission->number,
    };

    gmq_definition_put(user->broker, &permission->record, &gmq_definition_topic_permission, &words);
}

static bool
apply(GmqBroker *broker, const void *values, GError **error)
{
    const Words *words         = values;
    g_autofree char *configure = gmq_slice_dup(words->configure);
    g_autofree char *write     = gmq_slice_dup(words->write);
    g_autofree char *read      = gmq_slice_dup(words->read);
    GmqUser *user              = gmq_broker_need_user(broker, words->user, error);
    GmqVhost *vhost = user == NULL ? NULL : gmq_broker_need_vhost(broker, words->vhost, error);

    if (vhost == NULL || !gmq_user_set_permission(user, vhost, configure, write, read, error))
        return false;
    gmq_user_number_permission(user, vhost, words->number);
    return true;
}

static bool
apply_topic(GmqBroker *broker, const void *values, GError **error)
{
    const Words *words     = values;
    g_autofree char *write = gmq_slice_dup(words->write);
    g_autofree char *read  = gmq_slice_dup(words->read);
    GmqUser *user          = gmq_broker_need_user(broker, words->user, error);
    GmqVhost *vhost = user == NULL ? NULL : gmq_broker_need_vhost(broker, words->vhost, error);

    if (vhost == NULL ||
        !gmq_user_set_topic_permission(user, vhost, words->exchange, write, read, error))
        return false;
    gmq_user_number_topic_permission(user, vhost, words->exchange, words->number);
    return true;
}

const GmqDefinitionType gmq_definition_permission = {"permission", keys, sizeof(Words), apply};
const GmqDefinitionType gmq_definition_topic_permission = {"topic_permission", topic_keys,
                                                           sizeof(Words), apply_topic};
