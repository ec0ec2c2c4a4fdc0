#include "core/server/setup.h"

#include <string.h>

#include "core/broker/permission.h"
#include "core/broker/profile.h"
#include "core/broker/storage.h"
#include "core/broker/user.h"
#include "core/broker/vhost.h"
#include "core/server/definitions.h"

/* Who may come from this machine only, since everybody knows his password. */
#define GUEST "guest"

/* The virtual host of the configuration in place of that of a new broker, where there is one. */
static bool
set_vhost(GmqBroker *broker, const char *name, GError **error)
{
    GList *first    = gmq_broker_vhosts(broker)->head;
    GmqVhost *other = first == NULL ? NULL : first->data;
    GmqSlice wanted = gmq_slice_of(name);

    if (gmq_broker_find_vhost(broker, wanted) != NULL)
        return true;
    return gmq_broker_add_vhost(broker, wanted, error) != NULL &&
           (other == NULL || gmq_broker_remove_vhost(broker, other->name, error));
}

static bool
add_default_user(GmqBroker *broker, const GmqConfig *config, GError **error)
{
    static const char *const tags[] = {GMQ_TAG_ADMINISTRATOR, NULL};
    GmqVhost *vhost = gmq_broker_find_vhost(broker, gmq_slice_of(config->default_vhost));
    GmqUser *user   = gmq_broker_add_user(broker, gmq_slice_of(config->default_user), error);

    if (user == NULL)
        return false;
    gmq_user_set_password(user, gmq_slice_of(config->default_password));
    gmq_user_set_tags(user, tags);
    return gmq_user_set_permission(user, vhost, ".*", ".*", ".*", error);
}

static void
keep_guest_at_home(GmqBroker *broker)
{
    GmqUser *guest = gmq_broker_find_user(broker, GMQ_SLICE(GUEST));

    if (guest != NULL)
        guest->is_loopback_only = true;
}

/* A frame that clients may not agree to would shut all of them out. */
bool
gmq_setup_limits(GmqBroker *broker, const GmqConfig *config, GError **error)
{
    const GmqProfile *profile = gmq_profile_find(config->profile);

    if (config->frame_max != 0 && config->frame_max < profile->frame_max_least) {
        g_set_error(error, GMQ_CONFIG_ERROR, GMQ_CONFIG_ERROR_WRONG,
                    "frame-max is at least %u bytes with the profile %s",
                    (unsigned)profile->frame_max_least, profile->name);
        return false;
    }
    gmq_broker_set_profile(broker, profile);
    gmq_broker_set_memory_limit(broker, config->memory_limit);
    gmq_broker_set_disk_free_least(broker, config->disk_free_least);
    if (config->connections_max != 0)
        gmq_broker_set_connections_max(broker, (int64_t)config->connections_max);
    return true;
}

static bool
load_users(GmqBroker *broker, const GmqConfig *config, GError **error)
{
    const char *vhost = config->default_vhost;

    if (config->users_text != NULL)
        return gmq_definitions_load_text(broker, config->users_file,
                                         gmq_slice_of(config->users_text), vhost, error);
    return config->users_file[0] == '\0' ||
           gmq_definitions_load(broker, config->users_file, vhost, error);
}

bool
gmq_setup_content(GmqBroker *broker, const GmqConfig *config, GError **error)
{
    gmq_broker_remove_user(broker, GMQ_SLICE(GUEST), NULL);
    if (!set_vhost(broker, config->default_vhost, error))
        return false;
    if (!load_users(broker, config, error))
        return false;
    if (gmq_broker_users(broker)->length == 0 && !add_default_user(broker, config, error))
        return false;
    keep_guest_at_home(broker);
    return true;
}
