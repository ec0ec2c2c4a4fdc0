/* Field tables and numbers of the wire, read anew: the oracle shares no codec with the broker. */
#include "sim/check-field.h"

uint64_t
gmq_check_take_number(GmqSlice *rest, size_t size)
{
    uint64_t value = 0;

    if (size > rest->size)
        size = rest->size;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | rest->data[i];
    rest->data += size;
    rest->size -= size;
    return value;
}

GmqSlice
gmq_check_take_bytes(GmqSlice *rest, uint64_t size)
{
    GmqSlice bytes = {rest->data, size < rest->size ? (size_t)size : rest->size};

    rest->data += bytes.size;
    rest->size -= bytes.size;
    return bytes;
}

/* What stands behind the letter of each type: so many bytes, or a length and that much. */
static const struct {
    char type;
    uint8_t size;
    bool is_signed;
    bool is_integer;
    bool has_length;
} types[] = {
    {'t', 1, false, false, false}, {'b', 1, true, true, false},   {'B', 1, false, true, false},
    {'s', 2, true, true, false},   {'u', 2, false, true, false},  {'I', 4, true, true, false},
    {'i', 4, false, true, false},  {'l', 8, true, true, false},   {'L', 8, true, true, false},
    {'f', 4, false, false, false}, {'d', 8, false, false, false}, {'D', 5, false, false, false},
    {'T', 8, false, false, false}, {'V', 0, false, false, false}, {'S', 4, false, false, true},
    {'A', 4, false, false, true},  {'F', 4, false, false, true},  {'x', 4, false, false, true},
};

static int64_t
widen(uint64_t value, unsigned size)
{
    if (size == 0 || size >= 8)
        return (int64_t)value;

    unsigned unused = 64 - 8 * size;
    return (int64_t)(value << unused) >> unused;
}

/* The value whose letter is the next byte; false when there is none that makes sense. */
static bool
take_value(GmqSlice *rest, GmqCheckField *field)
{
    char type = (char)gmq_check_take_number(rest, 1);

    for (unsigned i = 0; i < G_N_ELEMENTS(types); i++) {
        if (types[i].type != type)
            continue;
        field->type       = type;
        field->is_integer = types[i].is_integer;
        field->bytes      = (GmqSlice){rest->data, MIN(types[i].size, rest->size)};
        uint64_t value    = gmq_check_take_number(rest, types[i].size);
        field->integer    = types[i].is_signed ? widen(value, types[i].size) : (int64_t)value;
        if (types[i].has_length)
            field->bytes = gmq_check_take_bytes(rest, value);
        return true;
    }
    return false;
}

bool
gmq_check_next_value(GmqSlice *rest, GmqCheckField *field)
{
    *field = (GmqCheckField){0};
    return rest->size > 0 && take_value(rest, field);
}

bool
gmq_check_next_field(GmqSlice *rest, GmqCheckField *field)
{
    *field = (GmqCheckField){0};
    if (rest->size == 0)
        return false;
    field->name = gmq_check_take_bytes(rest, gmq_check_take_number(rest, 1));
    return take_value(rest, field);
}

bool
gmq_check_find_field(GmqSlice table, const char *name, GmqCheckField *field)
{
    while (gmq_check_next_field(&table, field)) {
        if (gmq_slice_equal(field->name, gmq_slice_of(name)))
            return true;
    }
    *field = (GmqCheckField){0};
    return false;
}

int64_t
gmq_check_find_integer(GmqSlice table, const char *name, int64_t otherwise)
{
    GmqCheckField field;

    return gmq_check_find_field(table, name, &field) && field.is_integer ? field.integer
                                                                         : otherwise;
}

bool
gmq_check_find_truth(GmqSlice table, const char *name)
{
    GmqCheckField field;

    return gmq_check_find_field(table, name, &field) && field.type == 't' && field.integer != 0;
}

char *
gmq_check_find_text(GmqSlice table, const char *name)
{
    GmqCheckField field;

    return gmq_check_find_field(table, name, &field) && field.type == 'S'
               ? gmq_slice_dup(field.bytes)
               : NULL;
}

bool
gmq_check_same_value(const GmqCheckField *a, const GmqCheckField *b)
{
    if (a->is_integer && b->is_integer)
        return a->integer == b->integer;
    return a->type == b->type && gmq_slice_equal(a->bytes, b->bytes);
}
