/* consume.h - consumers that log what they got and what they did with it, one line each:
 * "D QUEUE REDELIVERED DELIVERY-COUNT ANSWER PUBLISHER PLACE NUMBER". The count is that of the
 * header x-delivery-count, 0 without; the answer is a (ack), r (reject), q (requeue) or -. */
#pragma once

/* consume PORT SEED QUEUE,PREFETCH,ACKS,REJECTS,REQUEUES...: answers at random, in percent; what is
 * left is not answered. Works until the broker goes away. */
int consume_main(int argc, char **argv);

/* drain PORT QUEUE...: takes and acks all that is ready in these queues, one after the other. The
 * log ends with "E". */
int drain_main(int argc, char **argv);
