/* config.h - the configuration of a broker: a GLib key file, every key of it checked.
 *
 *     [listeners]
 *     amqp = localhost:5672;192.168.1.7:5672
 *
 *     [limits]
 *     heartbeat = 30
 *     frame-max = 128KiB
 *
 * One table of keys (config.def) says what a key is called, which values it takes, what holds when
 * it is missing, and what it means; reading, checking and the help are made from it. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

G_BEGIN_DECLS

/* All texts are owned. */
typedef struct GmqConfig {
    char **listeners; /* ADDRESS:PORT */
    char *profile;    /* one that gmq_profile_find() knows */
    char *users_file; /* definitions; "" for none */
    char *default_vhost;
    char *default_user;
    char *default_password;
    char *data; /* the data directory; "" for the user's own, "none" for none */
    uint64_t heartbeat_s;
    uint64_t frame_max;           /* bytes; 0: no limit */
    uint64_t channel_max;         /* 0: no limit */
    uint64_t connections_max;     /* 0: no limit */
    uint64_t message_size_max;    /* bytes of a body; 0: as the profile says */
    uint64_t memory_limit;        /* bytes that messages may hold; 0: no limit */
    uint64_t disk_free_least;     /* free bytes below which publishers wait; 0: no limit */
    uint64_t consumer_timeout_ms; /* 0: none */
    uint64_t consumers_max;       /* in one channel; 0: no limit */
    char *users_text;             /* what users_file holds, when that was read already; NULL */
} GmqConfig;

typedef enum {
    GMQ_CONFIG_ERROR_FAILED, /* the file cannot be read */
    GMQ_CONFIG_ERROR_WRONG,  /* what it says cannot be used */
} GmqConfigError;

#define GMQ_CONFIG_ERROR (gmq_config_error_quark())
GQuark gmq_config_error_quark(void);

/* Fills config with what holds without a file. */
void gmq_config_init(GmqConfig *config);
void gmq_config_clear(GmqConfig *config);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GmqConfig, gmq_config_clear)

/* Reads the file over what config holds. False with an error, "FILE:LINE: " and a sentence without
 * its full stop, at the first thing that is wrong. */
bool gmq_config_load(GmqConfig *config, const char *path, GError **error);

/* The same for a text; path is only for the error. */
bool gmq_config_read(GmqConfig *config, const char *path, const char *text, size_t size,
                     GError **error);

/* A text that gives the same when it is read, but for what is of this machine: where to listen, the
 * data directory and the users file. The caller frees it. */
char *gmq_config_text(const GmqConfig *config);

/* The keys with their meaning, for a help; the caller frees it. */
char *gmq_config_help(void);

G_END_DECLS
