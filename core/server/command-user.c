/* Users, their passwords, tags and limits. */
#include "core/broker/user.h"
#include "core/server/commands.h"
#include "core/server/limit-texts.h"

static GmqUser *
find_user(const GmqServing *serving, const GmqRequest *request, GError **error)
{
    return gmq_broker_need_user(serving->broker, gmq_slice_of(request->arguments[0]), error);
}

/* The password is the last argument; one who asks by hand may have left it out. */
static bool
check_password(const GmqRequest *request, GError **error)
{
    if (request->n_arguments < 2)
        return gmq_command_wrong(error, "%s needs a password", request->command->name);
    return request->arguments[1][0] != '\0' ||
           gmq_command_refuse(error, "the password is empty, and nobody can log in with that");
}

bool
gmq_run_add_user(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                 GError **error)
{
    (void)answer;
    if (!check_password(request, error))
        return false;

    GmqUser *user =
        gmq_broker_add_user(serving->broker, gmq_slice_of(request->arguments[0]), error);
    if (user == NULL)
        return false;
    gmq_user_set_password(user, gmq_slice_of(request->arguments[1]));
    return true;
}

bool
gmq_run_delete_user(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                    GError **error)
{
    (void)answer;
    return gmq_broker_remove_user(serving->broker, gmq_slice_of(request->arguments[0]), error);
}

bool
gmq_run_change_password(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                        GError **error)
{
    GmqUser *user = find_user(serving, request, error);

    (void)answer;
    if (user == NULL || !check_password(request, error))
        return false;
    gmq_user_set_password(user, gmq_slice_of(request->arguments[1]));
    return true;
}

bool
gmq_run_set_user_tags(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                      GError **error)
{
    GmqUser *user = find_user(serving, request, error);

    (void)answer;
    if (user == NULL)
        return false;
    gmq_user_set_tags(user, (const char *const *)request->arguments + 1);
    return true;
}

/* ---- limits ---- */

static bool
set_limit(void *user, GmqSlice name, int64_t value, GError **error)
{
    return gmq_user_set_limit(user, name, value, error);
}

static const char *
limit_name(unsigned limit)
{
    return limit < GMQ_N_USER_LIMITS ? gmq_user_limit_name((GmqUserLimit)limit) : NULL;
}

bool
gmq_run_set_user_limits(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                        GError **error)
{
    GmqUser *user = find_user(serving, request, error);

    (void)answer;
    return user != NULL &&
           gmq_limit_texts_set(request->arguments[1], limit_name, set_limit, user, error);
}

bool
gmq_run_clear_user_limits(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                          GError **error)
{
    GmqUser *user = find_user(serving, request, error);

    (void)answer;
    return user != NULL &&
           gmq_limit_texts_clear(request->arguments[1], limit_name, set_limit, user, error);
}
