/* event-json.h - an event as the line of JSON that stands for it in a trace and on a socket. */
#pragma once

#include "core/base/event.h"

G_BEGIN_DECLS

/* Appends the line with its '\n'. It has all members that the kind of the event carries, always in
 * one order, whether they are empty or not. message is the name of its message; all texts are
 * UTF-8. */
void gmq_event_to_json(const GmqEvent *event, GmqSlice message, GString *out);

/* The same for who knows of some texts that they stand in JSON as they are: plain has the
 * GmqEventField bits of these. */
void gmq_event_to_json_plain(const GmqEvent *event, GmqSlice message, unsigned plain, GString *out);

G_END_DECLS
