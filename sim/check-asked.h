/* check-asked.h - what clients ask a broker to be (check-private.h says who knows what). */
#pragma once

#include "sim/check-private.h"

G_BEGIN_DECLS

typedef enum {
    GMQ_CHECK_EXCHANGE,
    GMQ_CHECK_QUEUE,
    GMQ_CHECK_BIND,
    GMQ_CHECK_UNBIND,
} GmqCheckWishKind;

typedef struct {
    GmqCheckWishKind kind;
    char *name; /* of a binding its source */
    char *to;   /* of a binding; "" for the others */
    char *key;  /* of an exchange its type */
    bool to_queue;
    uint8_t *arguments; /* the inside of a field table */
    size_t size;
} GmqCheckWish;

GmqCheckAsked *gmq_check_asked_new(void);
void gmq_check_asked_free(GmqCheckAsked *asked);

/* What was last asked of an exchange or a queue; NULL: nothing. */
const GmqCheckWish *gmq_check_find_wish(const GmqCheck *check, GmqCheckWishKind kind,
                                        GmqSlice name);

/* The oldest wish that an event of a binding fulfils; the caller's. NULL: nobody wished it. */
GmqCheckWish *gmq_check_take_wish(GmqCheck *check, GmqCheckWishKind kind, const GmqEvent *event);
void gmq_check_free_wish(GmqCheckWish *wish);

G_END_DECLS
