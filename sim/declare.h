/* declare.h - the AMQP methods that make what a line of the topology says. */
#pragma once

#include "core/wire/method.h"
#include "sim/scenario.h"

G_BEGIN_DECLS

/* Each returns a method that lends the line's texts; its arguments are written into the buffer,
 * which must be empty and outlive it. */
GmqMethod gmq_declare_exchange(const GmqExchangeLine *exchange, GmqBuffer *arguments);
GmqMethod gmq_declare_queue(const GmqQueueLine *queue, GmqBuffer *arguments);
GmqMethod gmq_declare_binding(const GmqBindingLine *binding, GmqBuffer *arguments);

G_END_DECLS
