/* publish.h - publishers of numbered persistent messages.
 *
 * The log has "P PLACE NUMBER" before a message is sent, and "C PLACE NUMBER" when it is confirmed,
 * or "N PLACE NUMBER" when the broker says that it is not. */
#pragma once

/* publish PORT NAME WINDOW PLACE,EXCHANGE,KEY,FIRST...: to each place in turn, numbers from its
 * first one up, so many unconfirmed at a time. */
int publish_main(int argc, char **argv);

/* commit PORT NAME SIZE PLACE,EXCHANGE,KEY,FIRST...: the same in transactions of that size. */
int commit_main(int argc, char **argv);
