#include "tests/live/crash/body.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t
size_of(unsigned number)
{
    if (number % 1024 == 1023)
        return BODY_MAX;
    if (number % 256 == 255)
        return 70000;
    return number % 32 == 31 ? 5000 : number % 200;
}

static size_t
scale(void)
{
    const char *text = getenv("CRASH_SCALE");
    size_t found     = text != NULL ? strtoul(text, NULL, 10) : 1;
    return found <= SCALE_MAX ? found : SCALE_MAX;
}

void
body_make(Body *body, const char *publisher, const char *place, unsigned number)
{
    snprintf(body->id, sizeof body->id, "%s %s %u", publisher, place, number);
    size_t period = strlen(body->id) + 1; /* a blank follows each id */
    body->size    = size_of(number) * scale();
    for (size_t i = 0; i < body->size; i++)
        body->bytes[i] = i % period == period - 1 ? ' ' : body->id[i % period];
}

bool
body_check(Body *body, const char *id, size_t id_size, const void *bytes, size_t size)
{
    char text[ID_ROOM]      = "";
    char publisher[ID_ROOM] = "";
    char place[ID_ROOM]     = "";
    unsigned number;

    if (id_size >= sizeof text)
        return false;
    if (id_size > 0)
        memcpy(text, id, id_size);
    if (sscanf(text, "%63s %63s %u", publisher, place, &number) != 3)
        return false;
    body_make(body, publisher, place, number);
    return strcmp(text, body->id) == 0 && size == body->size &&
           (size == 0 || memcmp(bytes, body->bytes, size) == 0);
}
