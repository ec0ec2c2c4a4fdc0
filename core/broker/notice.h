/* notice.h - what happens to the broker, told as messages to whoever binds to the exchange
 * amq.rabbitmq.event of the virtual host "/" (AMQP.md 27.2).
 *
 *     GmqNotice notice;
 *
 *     if (gmq_notice_begin(&notice, broker, "user.created")) {
 *         gmq_table_add_text(&notice.headers, "name", name);
 *         gmq_notice_send(&notice);
 *     }
 *
 * A notice may be sent in the middle of anything: it is published with the next dispatch. */
#pragma once

#include "core/broker/broker.h"
#include "core/wire/table.h"

G_BEGIN_DECLS

typedef struct {
    GmqBroker *broker;
    const char *key;   /* routing key; a string that lives on */
    GmqBuffer headers; /* the inside of the header table: the sender adds to it */
} GmqNotice;

/* Begins a notice that gmq_notice_send() must end. Returns false when nobody is bound, and while
 * what was there before is found again: then nothing was begun, and nothing is to be told. */
bool gmq_notice_begin(GmqNotice *notice, GmqBroker *broker, const char *key);
void gmq_notice_send(GmqNotice *notice);

/* A notice with the one header "name", and "vhost" unless that is NULL. */
void gmq_notice_name(GmqBroker *broker, const char *key, GmqSlice name, const GmqVhost *vhost);

/* For the virtual host "/", as it comes and goes: declares the exchange, and tells nobody more. */
void gmq_notice_open(GmqVhost *vhost);
void gmq_notice_close(GmqVhost *vhost);

G_END_DECLS
