#!/bin/sh
# The command-line clients of the package amqp-tools, against the broker at GLASSMQ_PORT.
set -u

number=0
failures=0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM

# Runs a tool against the broker; a tool that hangs is ended.
tool() {
    name=$1
    shift
    timeout 20 "$name" -s 127.0.0.1 --port "$GLASSMQ_PORT" "$@"
}

# Says whether two texts are the same, as one point of the test.
expect() { # SENTENCE EXPECTED ACTUAL
    number=$((number + 1))
    if [ "$2" = "$3" ]; then
        echo "ok $number - $1"
    else
        failures=$((failures + 1))
        echo "not ok $number - $1"
        printf 'expected "%s", found "%s"\n' "$2" "$3" | sed 's/^/# /'
    fi
}

expect 'declare names the queue' work "$(tool amqp-declare-queue -d -q work)"
expect 'declare again is no change' work "$(tool amqp-declare-queue -d -q work)"
expect 'a queue without a name gets one' amq.gen- \
    "$(tool amqp-declare-queue -q '' | cut -c 1-8)"

tool amqp-get -q work >"$folder/out"
expect 'get from an empty queue finds nothing' '2 ' "$? $(cat "$folder/out")"

tool amqp-publish -r work -p -b 'first task'
expect 'publish is taken' 0 $?
tool amqp-publish -r work -C text/plain -H 'kind: urgent' -b 'second task'
printf 'third\nfourth\n' | tool amqp-publish -r work -l
expect 'get takes the oldest message' 'first task' "$(tool amqp-get -q work)"

# The tool takes options of the command for its own, so the command is a script.
printf '#!/bin/sh\ntr -d "\\n"\nprintf "|"\n' >"$folder/show"
chmod +x "$folder/show"
expect 'consume hands each message to the command' 'second task|third|fourth|' \
    "$(tool amqp-consume -q work -c 3 "$folder/show")"
expect 'consumed messages are gone' '' "$(tool amqp-get -q work)"

tool amqp-publish -r work -b 'again'
tool amqp-consume -q work -c 1 false >/dev/null
expect 'a message whose command failed comes again' again "$(tool amqp-get -q work)"

head -c 400000 /dev/urandom >"$folder/large"
tool amqp-publish -r work <"$folder/large"
tool amqp-get -q work >"$folder/copy"
expect 'a large message comes back as it was' same \
    "$(cmp -s "$folder/large" "$folder/copy" && echo same)"

tool amqp-consume -e amq.topic -r 'log.*' -c 1 cat >"$folder/bound" &
consumer=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
    tool amqp-publish -e amq.topic -r log.info -b 'hello, topic'
    sleep 0.2
    [ ! -s "$folder/bound" ] || break
done
wait "$consumer"
expect 'consume binds a queue of its own' 'hello, topic' "$(cat "$folder/bound")"

tool amqp-publish -r work -b 'left over'
tool amqp-delete-queue -e -q work >/dev/null 2>"$folder/error"
expect 'a queue that is not empty is kept' 406 "$(grep -o 406 "$folder/error")"
expect 'delete counts what was left' 1 "$(tool amqp-delete-queue -q work)"
tool amqp-get -q work >/dev/null 2>"$folder/error"
expect 'get from a missing queue is a 404' 404 "$(grep -o 404 "$folder/error")"

echo "1..$number"
[ "$failures" = 0 ]
