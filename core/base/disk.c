#include "core/base/disk.h"

GQuark
gmq_disk_error_quark(void)
{
    return g_quark_from_static_string("gmq-disk-error-quark");
}
