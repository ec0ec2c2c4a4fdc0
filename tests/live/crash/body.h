/* body.h - the numbered messages of the crash test. A message's id, "PUBLISHER PLACE NUMBER", says
 * all about it: its body follows from it, so that one that was changed on the way is recognized.
 * worker.js makes the same. The environment's CRASH_SCALE multiplies all sizes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum {
    ID_ROOM   = 64,
    BODY_MAX  = 300000, /* unscaled */
    SCALE_MAX = 16,
};

/* Where a body is made: as long as its number says, most of them short, some in several frames. */
typedef struct {
    char id[ID_ROOM];
    char bytes[BODY_MAX * SCALE_MAX];
    size_t size;
} Body;

void body_make(Body *body, const char *publisher, const char *place, unsigned number);

/* Whether these bytes are the body of the message with that id, which becomes body's. */
bool body_check(Body *body, const char *id, size_t id_size, const void *bytes, size_t size);
