/* cmd-pcap.h - "glassmq pcap": the packets of a run as a file for Wireshark. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Runs the command; argv[0] is its name. Returns the exit status. */
int gmq_cmd_pcap(int argc, char **argv);

G_END_DECLS
