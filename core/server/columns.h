/* columns.h - short forms for tables of columns, for the files command-list*.c alone. */
#pragma once

#include "core/server/listing.h"

#define TEXT(name, View, field, is_standard)                                                       \
    {                                                                                              \
        name, GMQ_COLUMN_TEXT, offsetof(View, field), is_standard                                  \
    }
#define ARRAY(name, View, field, is_standard)                                                      \
    {                                                                                              \
        name, GMQ_COLUMN_ARRAY, offsetof(View, field), is_standard                                 \
    }
#define TABLE(name, View, field, is_standard)                                                      \
    {                                                                                              \
        name, GMQ_COLUMN_TABLE, offsetof(View, field), is_standard                                 \
    }
#define COUNT(name, View, field, is_standard)                                                      \
    {                                                                                              \
        name, GMQ_COLUMN_COUNT, offsetof(View, field), is_standard                                 \
    }
#define INTEGER(name, View, field, is_standard)                                                    \
    {                                                                                              \
        name, GMQ_COLUMN_INTEGER, offsetof(View, field), is_standard                               \
    }
#define BOOL(name, View, field, is_standard)                                                       \
    {                                                                                              \
        name, GMQ_COLUMN_BOOL, offsetof(View, field), is_standard                                  \
    }
