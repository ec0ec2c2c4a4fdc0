/* A message that a client sends because the timeline says so, besides all others of its own. */
#include "sim/deed.h"
#include "sim/outgoing.h"
#include "sim/world-private.h"

/* ---- reading ---- */

void
gmq_read_wished_headers(GmqScenarioReader *reader, const void *node, void *target)
{
    ((GmqPublishNodes *)target)->message.headers = gmq_read_headers(reader, node);
}

static void
read_publish(GmqScenarioReader *reader, const GmqEntryNodes *nodes, GmqDeed *deed)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_ENTRY_PUBLISH, GMQ_N_OWNERS};
    const GmqYaml *node               = nodes->deeds[GMQ_DEED_PUBLISH];
    GmqPublishNodes *publish          = gmq_deed_new_spec(reader, sizeof *publish);

    publish->message = (GmqMessageSpec)GMQ_MESSAGE_UNSET;
    deed->spec       = publish;
    deed->name       = gmq_read_keep(reader, "");
    if (!gmq_read_is_map(reader, node, "\"publish\"")) {
        if (gmq_yaml_is_empty(node))
            gmq_read_need(reader, node, GMQ_IN_ENTRY_PUBLISH, "as");
        return;
    }
    gmq_read_map(reader, node, owners, publish);
    gmq_read_check_message(reader, node, &publish->message);

    const GmqYaml *as = gmq_read_need(reader, node, GMQ_IN_ENTRY_PUBLISH, "as");
    if (as == NULL || publish->as == NULL)
        return;
    gmq_read_refer(reader, as, GMQ_NAME_SPEAKER);
    deed->name = publish->as;
}

/* ---- doing ---- */

static void
publish(GmqWorld *world, const GmqTimelineEntry *entry, const GmqDeed *deed)
{
    const GmqPublishNodes *nodes = deed->spec;
    GmqSimClient *client         = gmq_world_find_client(world, deed->name);

    (void)entry;
    if (client->state != GMQ_SIM_READY)
        gmq_sim_client_note(client, (GmqEvent){.kind = GMQ_EVENT_CLIENT_CANNOT,
                                               .text = GMQ_SLICE("it has no connection")});
    else if (client->class_->publish != NULL)
        client->class_->publish(client->role, &nodes->message);
    else
        gmq_sim_client_publish_spec(client, &nodes->message);
}

const GmqDeedClass gmq_deed_publish = {.read = read_publish, .act = publish};
