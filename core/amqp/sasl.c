#include "core/amqp/sasl.h"

#include "core/wire/table.h"

/* authzid NUL user NUL password (RFC 4616); the identity to act for is ignored. */
static bool
read_plain(GmqSlice response, GmqSlice *user, GmqSlice *password)
{
    const uint8_t *end   = response.data + response.size;
    const uint8_t *first = response.size == 0 ? NULL : memchr(response.data, 0, response.size);
    if (first == NULL)
        return false;

    const uint8_t *second = memchr(first + 1, 0, (size_t)(end - first - 1));
    if (second == NULL || memchr(second + 1, 0, (size_t)(end - second - 1)) != NULL)
        return false;
    *user     = (GmqSlice){first + 1, (size_t)(second - first - 1)};
    *password = (GmqSlice){second + 1, (size_t)(end - second - 1)};
    return true;
}

/* The inside of a field table with LOGIN and PASSWORD. */
static bool
read_amqplain(GmqSlice response, GmqSlice *user, GmqSlice *password)
{
    GmqValue login;
    GmqValue secret;

    if (!gmq_table_check(response) || !gmq_table_find(response, GMQ_SLICE("LOGIN"), &login) ||
        !gmq_table_find(response, GMQ_SLICE("PASSWORD"), &secret))
        return false;
    if (login.type != GMQ_VALUE_STRING || secret.type != GMQ_VALUE_STRING)
        return false;
    *user     = login.bytes;
    *password = secret.bytes;
    return true;
}

static const struct {
    const char *name;
    bool (*read)(GmqSlice response, GmqSlice *user, GmqSlice *password);
} mechanisms[] = {
    {"PLAIN", read_plain},
    {"AMQPLAIN", read_amqplain},
};

GmqSaslStatus
gmq_sasl_read(GmqSlice mechanism, GmqSlice response, GmqSlice *user, GmqSlice *password)
{
    for (size_t i = 0; i < G_N_ELEMENTS(mechanisms); i++) {
        if (gmq_slice_equal(mechanism, gmq_slice_of(mechanisms[i].name)))
            return mechanisms[i].read(response, user, password) ? GMQ_SASL_READ
                                                                : GMQ_SASL_MALFORMED;
    }
    return GMQ_SASL_UNKNOWN;
}
