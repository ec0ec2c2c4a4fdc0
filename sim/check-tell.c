/* What a check says when something is broken, and whether anybody minds. */
#include <stdarg.h>

#include "sim/check-private.h"
#include "sim/remote-can.h"
#include "sim/units.h"

/* S1 to S21, and L1 to L5. */
#define N_SAFETY 21
#define N_LIVENESS 5

/* Of what may or must break so much is told. */
#define TOLERATED_MAX 20

size_t
gmq_check_broken_count(const GmqCheck *check)
{
    if (check == NULL)
        return 0;

    return check->n_broken;
}

bool
gmq_check_is_known(const char *name)
{
    unsigned most = *name == 'S' ? N_SAFETY : *name == 'L' ? N_LIVENESS : 0;
    uint64_t number;

    return most > 0 && name[1] != '0' && gmq_read_count(name + 1, &number) && number <= most;
}

/* Whether it is about what only a broker that is seen into can break. */
static bool
is_out_of_sight(const char *sentence)
{
    uint64_t number;
    g_autofree char *name = g_strndup(sentence, strcspn(sentence, " "));

    if (!gmq_read_count(*name == '\0' ? name : name + 1, &number))
        return false;
    return *name == 'L' || (*name == 'S' && !gmq_remote_can_check((unsigned)number));
}

bool
gmq_check_is_about(const char *sentence, const char *name)
{
    size_t size = strcspn(sentence, " ");
    return strlen(name) == size && strncmp(name, sentence, size) == 0;
}

/* How the scenario takes it when that breaks; NULL: it does not. */
static const char *
tolerance(const GmqCheck *check, const char *sentence)
{
    const GPtrArray *allowed = check->scenario->allowed;
    const char *expected     = check->scenario->broken;

    if (expected != NULL && gmq_check_is_about(sentence, expected))
        return "as is expected here";
    for (unsigned i = 0; i < allowed->len; i++) {
        if (gmq_check_is_about(sentence, allowed->pdata[i]))
            return "as is allowed here";
    }
    return NULL;
}

void
gmq_check_break(GmqCheck *check, const char *who, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *sentence = g_strdup_vprintf(format, args);
    va_end(args);
    if (check->remote != NULL && is_out_of_sight(sentence))
        return;
    const char *how = tolerance(check, sentence);
    if (how == NULL) {
        check->n_broken++;
        check->broken(check->user, who, sentence);
        return;
    }
    if (check->n_tolerated++ >= TOLERATED_MAX)
        return;
    /* "S1 broken: ..." becomes "S1 broken, as is allowed here: ...". */
    const char *rest = strchr(sentence, ':');
    g_autofree char *tolerated =
        g_strdup_printf("%.*s, %s%s", (int)(rest - sentence), sentence, how, rest);
    check->broken(check->user, who, tolerated);
}

void
gmq_check_protocol(GmqCheck *check, const char *who, const char *how)
{
    if (check == NULL)
        return;

    gmq_check_break(check, who, "S18 broken: %s: %s", who, how);
}

void
gmq_check_topology(GmqCheck *check, const char *how)
{
    if (check == NULL)
        return;

    gmq_check_break(check, "broker", "The broker refused the topology: %s.", how);
}

void
gmq_check_order(GmqCheck *check, const char *how)
{
    gmq_check_break(check, "broker", "The broker refused what the timeline wants: %s.", how);
}

void
gmq_check_program(GmqCheck *check, const char *client)
{
    if (check == NULL)
        return;

    gmq_check_break(
        check, client,
        "%s is a real program, as \"run\" says, and time is not real here: play it with "
        "--broker, or with glassmq lesson check.",
        client);
}

void
gmq_check_livelock(GmqCheck *check, const char *events)
{
    if (check == NULL)
        return;

    gmq_check_break(check, "",
                    "Time stands still: one instant has a million events. The last ones: %s.",
                    events);
}
