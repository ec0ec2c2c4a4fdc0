#include "core/broker/profile.h"

#include <string.h>

#include "core/base/limits.h"
#include "core/base/nearest.h"

static const GmqProfile profiles[] = {
    {
        .name                  = "default",
        .unknown_exchange_type = GMQ_REPLY_PRECONDITION_FAILED,
        .frame_max_least       = GMQ_FRAME_MAX_LEAST,
        .message_size_max      = GMQ_MESSAGE_SIZE_MAX,
    },
    {
        .name                  = "rabbitmq-3.10",
        .unknown_exchange_type = GMQ_REPLY_COMMAND_INVALID,
        .frame_max_least       = GMQ_FRAME_MAX_LEAST,
        .message_size_max      = GMQ_MESSAGE_SIZE_MAX,
    },
    {
        .name                  = "rabbitmq-3.13",
        .unknown_exchange_type = GMQ_REPLY_COMMAND_INVALID,
        .frame_max_least       = GMQ_FRAME_MAX_LEAST,
        .message_size_max      = GMQ_MESSAGE_SIZE_MAX,
        .keeps_cc_of_dead      = true,
        .writes_last_death     = true,
    },
    {
        .name                     = "rabbitmq-4",
        .unknown_exchange_type    = GMQ_REPLY_PRECONDITION_FAILED,
        .frame_max_least          = 8192,
        .message_size_max         = 16777216,
        .takes_any_delivery_mode  = true,
        .ignores_published_deaths = true,
        .keeps_cc_of_dead         = true,
        .writes_last_death        = true,
        .ignores_global_qos       = true,
        .checks_passive_declare   = true,
        .checks_sender_last       = true,
    },
};

const GmqProfile *const gmq_profile_default = &profiles[0];

const GmqProfile *
gmq_profile_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(profiles); i++) {
        if (strcmp(profiles[i].name, name) == 0)
            return &profiles[i];
    }
    return NULL;
}

const char *
gmq_profile_nearest(const char *name)
{
    const char *names[G_N_ELEMENTS(profiles)];

    for (size_t i = 0; i < G_N_ELEMENTS(profiles); i++)
        names[i] = profiles[i].name;
    return gmq_nearest(name, names, G_N_ELEMENTS(names));
}
