#include "core/base/disk.h"

G_DEFINE_QUARK(gmq - disk - error - quark, gmq_disk_error)
