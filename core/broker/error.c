#include "core/broker/error.h"

GQuark
gmq_broker_error_quark(void)
{
    return g_quark_from_static_string("gmq-broker-error-quark");
}
