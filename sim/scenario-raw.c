/* Reads what is said of a raw client. */
#include "sim/language.h"
#include "sim/raw-line.h"

void
gmq_read_raw_send(GmqScenarioReader *reader, const void *node, void *target)
{
    const GmqYaml *list   = node;
    GmqClientSpec *client = target;

    if (!gmq_read_is_list(reader, list, "\"send\""))
        return;
    if (client->lines == NULL)
        client->lines = gmq_read_new_array(reader, (GDestroyNotify)gmq_raw_line_free);
    for (unsigned i = 0; i < list->items->len; i++) {
        GmqRawLine *line = g_new0(GmqRawLine, 1);

        if (gmq_raw_line_read(reader, list->items->pdata[i], line))
            g_ptr_array_add(client->lines, line);
        else
            gmq_raw_line_free(line);
    }
}

/* What other clients agree on by themselves, it says or does not say. */
void
gmq_read_check_raw(GmqScenarioReader *reader, const GmqYaml *node, const GmqClientSpec *client)
{
    static const char *const keys[] = {"heartbeat", "channel_max"};

    (void)client;
    gmq_read_need(reader, node, GMQ_IN_RAW, "send");
    for (unsigned i = 0; i < G_N_ELEMENTS(keys); i++) {
        const GmqYaml *key = gmq_yaml_find(node, keys[i]);

        if (key != NULL)
            gmq_read_problem(reader, key,
                             _("A raw client has no \"%s\": it says by itself what it wants."),
                             keys[i]);
    }
}
