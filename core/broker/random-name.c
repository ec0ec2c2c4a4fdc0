#include "core/broker/random-name.h"

#define RANDOM_CHARACTERS 22
#define BITS_PER_CHARACTER 6
#define PREFIX_MAX 16

GmqSlice
gmq_random_name(GmqHost *host, const char *prefix, char storage[GMQ_RANDOM_NAME_SIZE])
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t size = strlen(prefix);

    g_assert(size <= PREFIX_MAX);
    memcpy(storage, prefix, size);
    for (unsigned i = 0; i < RANDOM_CHARACTERS; i++)
        storage[size++] =
            alphabet[host->random(host, GMQ_STREAM_NAMES) >> (64 - BITS_PER_CHARACTER)];
    return (GmqSlice){(const uint8_t *)storage, size};
}
