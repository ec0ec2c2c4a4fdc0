#include "tests/live/crash/session.h"

#include <amqp_tcp_socket.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    FRAME_MAX = 131072,
    CODE_STOP = 320
};

_Noreturn static void
end(amqp_connection_state_t session)
{
    fflush(stdout);
    if (session != NULL)
        amqp_destroy_connection(session);
    exit(0);
}

_Noreturn void
session_end(amqp_connection_state_t session, int status)
{
    bool is_gone = status == AMQP_STATUS_CONNECTION_CLOSED || status == AMQP_STATUS_SOCKET_ERROR ||
                   status == AMQP_STATUS_SOCKET_CLOSED || status == AMQP_STATUS_TCP_ERROR;
    if (!is_gone)
        printf("! the library says: %s\n", amqp_error_string2(status));
    end(session);
}

/* The broker closes the connection: that is well when it stops, and never else. */
_Noreturn static void
end_closed(amqp_connection_state_t session, const amqp_connection_close_t *close)
{
    amqp_connection_close_ok_t answer = {0};

    if (close->reply_code != CODE_STOP) {
        printf("! the broker closed the connection: %d %.*s\n", close->reply_code,
               (int)close->reply_text.len, (const char *)close->reply_text.bytes);
    }
    amqp_send_method(session, 0, AMQP_CONNECTION_CLOSE_OK_METHOD, &answer);
    end(session);
}

static void
check_method(amqp_connection_state_t session, const amqp_method_t *method)
{
    if (method->id == AMQP_CONNECTION_CLOSE_METHOD)
        end_closed(session, method->decoded);
    if (method->id == AMQP_CHANNEL_CLOSE_METHOD) {
        const amqp_channel_close_t *close = method->decoded;
        printf("! the broker closed the channel: %d %.*s\n", close->reply_code,
               (int)close->reply_text.len, (const char *)close->reply_text.bytes);
        end(session);
    }
}

static void
check_reply(amqp_connection_state_t session, amqp_rpc_reply_t reply)
{
    if (reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION)
        check_method(session, &reply.reply);
    else if (reply.reply_type != AMQP_RESPONSE_NORMAL)
        session_end(session, reply.library_error);
}

void
session_check(amqp_connection_state_t session)
{
    check_reply(session, amqp_get_rpc_reply(session));
}

amqp_connection_state_t
session_open(int port)
{
    amqp_connection_state_t session = amqp_new_connection();
    amqp_socket_t *socket           = amqp_tcp_socket_new(session);

    if (amqp_socket_open(socket, "127.0.0.1", port) != AMQP_STATUS_OK)
        end(session);
    check_reply(session, amqp_login(session, "/", 0, FRAME_MAX, 0, AMQP_SASL_METHOD_PLAIN, "guest",
                                    "guest"));
    amqp_channel_open(session, CHANNEL);
    session_check(session);
    return session;
}

void
session_close(amqp_connection_state_t session)
{
    check_reply(session, amqp_connection_close(session, AMQP_REPLY_SUCCESS));
    amqp_destroy_connection(session);
}

bool
session_read(amqp_connection_state_t session, amqp_frame_t *frame, int timeout_ms)
{
    struct timeval timeout = {timeout_ms / 1000, timeout_ms % 1000 * 1000};

    amqp_maybe_release_buffers(session);
    int status = amqp_simple_wait_frame_noblock(session, frame, &timeout);
    if (status == AMQP_STATUS_TIMEOUT)
        return false;
    if (status != AMQP_STATUS_OK)
        session_end(session, status);
    if (frame->frame_type == AMQP_FRAME_METHOD)
        check_method(session, &frame->payload.method);
    return true;
}
