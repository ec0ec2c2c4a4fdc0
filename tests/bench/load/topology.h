/* topology.h - the queues, exchange and bindings that the load goes through. */
#pragma once

#include "tests/bench/load/connection.h"

#define NAME_SIZE 128

void queue_name(char name[NAME_SIZE], int queue);
void exchange_name(char name[NAME_SIZE]);

/* The key that reaches that queue. */
void routing_key(char key[NAME_SIZE], int queue);

void topology_declare(Connection *connection);
void topology_delete(Connection *connection);
