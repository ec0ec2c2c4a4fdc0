#!/bin/sh
# librabbitmq.sh: its test of a broker and its examples, in the folder where they were compiled,
# against the broker at GLASSMQ_PORT.
set -u

host=127.0.0.1
port=$GLASSMQ_PORT
exchange=librabbitmq-examples
heard=$(mktemp)
listener=
trap 'rm -f "$heard"; [ -z "$listener" ] || kill "$listener" 2>/dev/null' EXIT
trap 'exit 1' HUP INT TERM

# Says how a case went: the status of a command.
tell() { # STATUS NAME
    if [ "$1" = 0 ]; then echo "ok $2"; else echo "not ok $2"; fi
}

# Runs an example, which gets no longer than it needs.
example() { # NAME ARGUMENT...
    name=$1
    shift
    timeout 10 "./amqp_$name" "$@" >/dev/null 2>&1
}

# Starts an example that listens; what it prints stands in a file.
start_listener() { # NAME ARGUMENT...
    name=$1
    shift
    : >"$heard"
    timeout 20 stdbuf -oL "./amqp_$name" "$@" >"$heard" 2>&1 &
    listener=$!
}

# Whether the listener heard a word; what is said before it listens is said again.
says() { # WORD COMMAND...
    word=$1
    shift
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        "$@"
        sleep 0.3
        ! grep -q "$word" "$heard" || return 0
    done
    return 1
}

stop_listener() {
    kill "$listener" 2>/dev/null
    wait "$listener" 2>/dev/null
    listener=
}

timeout 10 ./test_basic >/dev/null 2>&1
tell $? test_basic
example connect_timeout $host "$port" 3
tell $? 'connect_timeout connects'
example exchange_declare $host "$port" $exchange direct
tell $? 'exchange_declare declares'
example exchange_declare $host "$port" $exchange direct
tell $? 'exchange_declare declares again'
! example exchange_declare $host "$port" $exchange topic
tell $? 'exchange_declare is refused another type'
example producer $host "$port" 1000 100
tell $? 'producer publishes'

start_listener listen $host "$port" $exchange key
says 'Content-type: text/plain' example sendstring $host "$port" $exchange key hello
tell $? 'listen hears what sendstring sends'
grep -q "exchange $exchange routingkey key" "$heard"
tell $? 'listen hears where it was sent'
stop_listener

amqp-declare-queue --server $host --port "$port" -q examples >/dev/null 2>&1
example bind $host "$port" $exchange bound examples
tell $? 'bind binds'
start_listener listenq $host "$port" examples
says 'routingkey bound' example sendstring $host "$port" $exchange bound hello
tell $? 'listenq hears what comes by the binding'
stop_listener
example unbind $host "$port" $exchange bound examples
tell $? 'unbind unbinds'

# The answer comes from the listener: it hears the request, which names the queue for the answer.
start_listener listen $host "$port" amq.direct rpc
says 'exchange amq.direct routingkey rpc' timeout 1 ./amqp_rpc_sendstring_client $host "$port" \
    amq.direct rpc request >/dev/null 2>&1
tell $? 'rpc_sendstring_client asks'
stop_listener
