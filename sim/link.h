/* link.h - what is said of links: by the links of a file, and by its timeline later.
 *
 * A change names whom it is about, as "default", "w1", "w" for all copies, "w1 to broker" or
 * "broker to w1", and sets some of the members of a link. */
#pragma once

#include "sim/reader.h"

G_BEGIN_DECLS

typedef struct GmqLinkChange {
    const char *client; /* or the name of copies; NULL: all */
    bool to_broker;
    bool from_broker;
    GmqLinkSpec spec; /* what it does not say is as gmq_link_change_init() leaves it */
} GmqLinkChange;

/* A change of nothing, for nobody. */
void gmq_link_change_init(GmqLinkChange *change);

/* Whom it is about. */
void gmq_link_change_name(GmqScenarioReader *reader, GmqLinkChange *change, const char *name);

/* Reads the keys of a link. */
void gmq_read_link(GmqScenarioReader *reader, const GmqYaml *node, GmqLinkSpec *spec);

/* Notes that the text of node is the name of that change; it is checked when all clients are known.
 * The change is lent and must live until then. */
void gmq_read_refer_link(GmqScenarioReader *reader, const GmqYaml *node,
                         const GmqLinkChange *change);

/* Whether a client's link is meant, or, when exactly, meant by its own name. */
bool gmq_link_is_about(const GmqLinkChange *change, const GmqClientSpec *client);
bool gmq_link_is_about_exactly(const GmqLinkChange *change, const GmqClientSpec *client);

/* Sets what it says in the links to the broker and from it. */
void gmq_link_change(const GmqLinkChange *change, GmqLinkSpec *both);

G_END_DECLS
