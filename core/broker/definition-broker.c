/* The definition of the broker: stands behind all that it begins with. */
#include "core/broker/definition-private.h"

typedef struct {
    GmqSlice version; /* of the program that began */
} Words;

static const GmqKey keys[] = {
    {"version", GMQ_KEY_TEXT, offsetof(Words, version)},
    {0},
};

void
gmq_definition_keep_broker(GmqBroker *broker)
{
    const Words words = {GMQ_SLICE(GMQ_VERSION)};
    uint64_t record   = 0; /* nobody drops it */

    gmq_definition_put(broker, &record, &gmq_definition_broker, &words);
}

static bool
apply(GmqBroker *broker, const void *values, GError **error)
{
    (void)values;
    (void)error;
    gmq_broker_restoring(broker)->is_whole = true;
    return true;
}

const GmqDefinitionType gmq_definition_broker = {"broker", keys, sizeof(Words), apply};
