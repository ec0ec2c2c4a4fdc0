#include "core/wire/table.h"

#include "core/base/limits.h"
#include "core/wire/reader.h"

/* Reads a type octet and its value; an unknown type fails the reader. */
static void
read_value(GmqReader *reader, GmqValue *value)
{
    *value = (GmqValue){.type = (GmqValueType)gmq_reader_u8(reader)};

    /* clang-format off */
    switch (value->type) {
    case GMQ_VALUE_BOOL: value->integer = gmq_reader_u8(reader) != 0; break;
    case GMQ_VALUE_I8: value->integer = (int8_t)gmq_reader_u8(reader); break;
    case GMQ_VALUE_U8: value->integer = gmq_reader_u8(reader); break;
    case GMQ_VALUE_I16: value->integer = (int16_t)gmq_reader_u16(reader); break;
    case GMQ_VALUE_U16: value->integer = gmq_reader_u16(reader); break;
    case GMQ_VALUE_I32: value->integer = (int32_t)gmq_reader_u32(reader); break;
    case GMQ_VALUE_U32: value->integer = gmq_reader_u32(reader); break;
    case GMQ_VALUE_I64:
    case GMQ_VALUE_I64_L:
    case GMQ_VALUE_TIMESTAMP: value->integer = (int64_t)gmq_reader_u64(reader); break;
    case GMQ_VALUE_FLOAT: value->bits = gmq_reader_u32(reader); break;
    case GMQ_VALUE_DOUBLE: value->bits = gmq_reader_u64(reader); break;
    case GMQ_VALUE_DECIMAL:
        value->scale   = gmq_reader_u8(reader);
        value->integer = (int32_t)gmq_reader_u32(reader);
        break;
    case GMQ_VALUE_STRING:
    case GMQ_VALUE_BYTES:
    case GMQ_VALUE_ARRAY:
    case GMQ_VALUE_TABLE: value->bytes = gmq_reader_longstr(reader); break;
    case GMQ_VALUE_VOID: break;
    default: reader->failed = true; break;
    }
    /* clang-format on */
}

/* The depth counts the tables and arrays around a value, the outermost too. */
static bool
check_inside(GmqSlice inside, bool has_names, unsigned depth)
{
    if (depth > GMQ_TABLE_DEPTH_MAX)
        return false;

    GmqReader reader;
    gmq_reader_init(&reader, inside);
    while (gmq_reader_left(&reader) > 0) {
        if (has_names)
            gmq_reader_shortstr(&reader);

        GmqValue value;
        read_value(&reader, &value);
        if (reader.failed)
            return false;
        if (value.type == GMQ_VALUE_TABLE && !check_inside(value.bytes, true, depth + 1))
            return false;
        if (value.type == GMQ_VALUE_ARRAY && !check_inside(value.bytes, false, depth + 1))
            return false;
    }
    return true;
}

bool
gmq_table_check(GmqSlice table)
{
    return check_inside(table, true, 1);
}

bool
gmq_array_check(GmqSlice array)
{
    return check_inside(array, false, 1);
}

bool
gmq_table_next(GmqSlice *rest, GmqSlice *name, GmqValue *value)
{
    if (rest->size == 0)
        return false;

    GmqReader reader;
    gmq_reader_init(&reader, *rest);
    *name = gmq_reader_shortstr(&reader);
    read_value(&reader, value);
    *rest = (GmqSlice){reader.at, gmq_reader_left(&reader)};
    return !reader.failed;
}

bool
gmq_array_next(GmqSlice *rest, GmqValue *value)
{
    if (rest->size == 0)
        return false;

    GmqReader reader;
    gmq_reader_init(&reader, *rest);
    read_value(&reader, value);
    *rest = (GmqSlice){reader.at, gmq_reader_left(&reader)};
    return !reader.failed;
}

bool
gmq_table_find(GmqSlice table, GmqSlice name, GmqValue *value)
{
    GmqSlice found;

    while (gmq_table_next(&table, &found, value)) {
        if (gmq_slice_equal(found, name))
            return true;
    }
    return false;
}

bool
gmq_value_is_integer(const GmqValue *value)
{
    switch (value->type) {
    case GMQ_VALUE_I8:
    case GMQ_VALUE_U8:
    case GMQ_VALUE_I16:
    case GMQ_VALUE_U16:
    case GMQ_VALUE_I32:
    case GMQ_VALUE_U32:
    case GMQ_VALUE_I64:
    case GMQ_VALUE_I64_L:
        return true;
    default:
        return false;
    }
}
