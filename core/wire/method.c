#include "core/wire/method.h"

#define HAS_CONTENT_PLAIN false
#define HAS_CONTENT_CONTENT true

/* clang-format off */
static const GmqMethodInfo infos[GMQ_N_METHODS] = {
#define METHOD(NAME, name_, Name, class_, method, from_, content)                                  \
    [GMQ_##NAME] = {                                                                               \
        .class_id    = class_,                                                                     \
        .method_id   = method,                                                                     \
        .from        = GMQ_FROM_##from_,                                                           \
        .has_content = HAS_CONTENT_##content,                                                      \
        .name        =
#define TEXT(text) text
#define END(Name) },
#include "core/wire/methods.def"
};
/* clang-format on */

const GmqMethodInfo *
gmq_method_info(GmqMethodId id)
{
    g_assert(id < GMQ_N_METHODS);

    return &infos[id];
}
