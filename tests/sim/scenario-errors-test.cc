#include "sim/scenario.h"

#include <gtest/gtest.h>

#include "sim/random.h"
#include "tests/sim/shipped.h"

namespace {

GmqScenario *
parse(const std::string &text, std::string *error_text)
{
    g_autoptr(GError) error = NULL;
    GmqScenario *scenario   = gmq_scenario_parse("x.yaml", text.data(), text.size(), &error);

    *error_text = error == NULL ? "" : error->message;
    return scenario;
}

std::string
error_of(const std::string &text)
{
    std::string error;
    gmq_scenario_free(parse(text, &error));
    return error;
}

const std::string start = "glassmq: 1\n"
                          "title: T\n"
                          "stop: 5s\n";

/* Line 4 and the lines below are the test's own. */
const std::string queues = start + "topology:\n"
                                   "  exchanges:\n"
                                   "    logs: {type: fanout}\n"
                                   "  queues:\n"
                                   "    tasks: {}\n"
                                   "    audit:\n"
                                   "clients:\n"
                                   "  p1:\n"
                                   "    role: producer\n"
                                   "    publish: {to: default, key: tasks, count: 3}\n"
                                   "  w:\n"
                                   "    role: consumer\n"
                                   "    copies: 2\n"
                                   "    from: tasks\n";

} // namespace

struct Wrong {
    const char *name;
    std::string text;
    const char *expected; /* stands in the error */
};

class WrongScenario : public testing::TestWithParam<Wrong> {};

TEST_P(WrongScenario, IsRefusedWithASentence)
{
    std::string error = error_of(GetParam().text);

    EXPECT_NE(std::string::npos, error.find(GetParam().expected)) << GetParam().text << error;
}

static const Wrong wrong[] = {
    {"Empty", "", "line 1, column 1: A scenario begins with \"glassmq: 1\"."},
    {"AList", "- a\n", "A scenario begins with"},
    {"AnotherFirst", "title: x\nglassmq: 1\nstop: 1s\n", "line 1, column 1: A scenario begins"},
    {"Version", "glassmq: 2\ntitle: x\nstop: 1s\n",
     "line 1, column 10: This program reads version 1 of the format, not \"2\"."},
    {"NoStop", "glassmq: 1\ntitle: x\n", "a scenario needs \"stop\""},
    {"NoTitle", "glassmq: 1\nstop: 1s\n", "a scenario needs \"title\""},
    {"StopAtOnce", "glassmq: 1\ntitle: x\nstop: 0s\n", "\"stop\" is more than 0s"},
    {"Unit", "glassmq: 1\ntitle: x\nstop: 5\n",
     "line 3, column 7: \"stop\" is a duration with its unit (ns, us, ms, s, min), such as 250ms, "
     "not \"5\".\n    stop: 5"},
    {"Typo", start + "brocker: {}\n",
     "line 4, column 1: \"brocker\" is not a setting of a scenario. Did you mean \"broker\"?\n"
     "    brocker: {}"},
    {"PublishOfNobody",
     start + "clients: {p: {role: producer, publish: {}}}\n"
             "timeline:\n"
             "  - at: 1s\n"
             "    publish:\n",
     "line 7, column"},
    {"TwiceWithMoreInIt",
     start + "topology: {queues: {q: {}}, exchanges: {x: {type: fanout}},\n"
             "           bindings: [{from: x, to: q}]}\n"
             "topology: {}\n",
     "line 6, column 1: \"topology\" stands here twice"},
    {"Twice", start + "stop: 6s\n", "line 4, column 1: \"stop\" stands here twice"},
    {"Anchor", start + "about: &a x\n", "Anchors (&a) are not used"},
    {"Alias", start + "about: *a\n", "Aliases (*a) are not used"},
    {"Tag", start + "about: !!str x\n", "are not used in scenarios: every value is plain text"},
    {"Merge", start + "broker: {<<: {}}\n", "Merge keys (<<) are not used"},
    {"SecondDocument", start + "---\nglassmq: 1\n", "A second document begins here"},
    {"KeyIsAList", start + "[a]: b\n", "A key must be a word"},
    {"NotYaml", start + "broker: {\n", "This is not YAML"},
    {"Tab", start + "broker:\n\theartbeat: 1s\n", "This is not YAML"},
    {"NotUtf8", start + "about: \xff\n", "line 4, column 1: This is not UTF-8 text."},
    {"Nul", start + "about: \"a\\0b\"\n", "There is a NUL in this text."},
    {"Deep", start + "about: " + std::string(100, '[') + "\n", "nests deeper"},
    {"ExclusiveAtTheStart", start + "topology: {queues: {q: {exclusive: yes}}}\n",
     "What is there at 0s is nobody's own"},
    {"ExclusiveOfNobody", start + "timeline: [{at: 1s, declare: {queue: q, exclusive: yes}}]\n",
     "An exclusive queue is somebody's: \"as\" says whose."},
    {"DeclareNothing", start + "timeline: [{at: 1s, declare: {}}]\n",
     "\"declare\" is about one queue or one exchange."},
    {"DeclareTwo", start + "timeline: [{at: 1s, declare: {queue: q, exchange: x}}]\n",
     "\"declare\" is about one queue or one exchange."},
    {"DeclareAWord", start + "timeline: [{at: 1s, declare: q}]\n", "\"declare\" is a mapping"},
    {"DeclareWithoutType", start + "timeline: [{at: 1s, declare: {exchange: x}}]\n",
     "an exchange needs \"type\"."},
    {"DeclareAsNobody", start + "timeline: [{at: 1s, declare: {queue: q, as: me}}]\n",
     "\"me\" is not a client."},
    {"DeclareTyped", start + "timeline: [{at: 1s, declare: {queue: q, type: direct}}]\n",
     "\"type\" is not a setting of a queue."},
    {"BindNothing", start + "timeline: [{at: 1s, bind: {from: amq.fanout}}]\n",
     "a binding needs \"to\"."},
    {"DeleteAList", start + "timeline: [{at: 1s, delete: [q]}]\n", "\"delete\" is a mapping"},
    {"DeleteWhatIsNot", start + "timeline: [{at: 1s, delete: {queue: q}}]\n",
     "\"q\" is not a queue."},
    {"PurgeNothing", start + "timeline: [{at: 1s, purge: {}}]\n", "purge needs \"queue\"."},
    {"ForCannotUndeclare", start + "timeline: [{at: 1s, for: 1s, declare: {queue: q}}]\n",
     "\"for\" needs something that can be undone."},
    {"TtlInMicroseconds", start + "topology: {queues: {q: {ttl: 1500us}}}\n",
     "\"ttl\" is in whole milliseconds."},
    {"ExpiresAtOnce", start + "topology: {queues: {q: {expires: 0ms}}}\n",
     "\"expires\" is more than 0ms."},
    {"OverflowOfNothing", start + "topology: {queues: {q: {overflow: reject-publish}}}\n",
     "\"overflow\" needs \"max_length\" or \"max_bytes\"."},
    {"MaxBytes", start + "topology: {queues: {q: {max_bytes: 9999999999999MiB}}}\n",
     "\"max_bytes\" is too large."},
    {"MaxPriority", start + "topology: {queues: {q: {max_priority: 256}}}\n",
     "\"max_priority\" is a whole number from 1 to 255"},
    {"DeadLetterWithoutTo", start + "topology: {queues: {q: {dead_letter: {key: k}}}}\n",
     "dead_letter needs \"to\"."},
    {"DeadLetterToNothing", start + "topology: {queues: {q: {dead_letter: {to: dead}}}}\n",
     "\"dead\" is not an exchange."},
    {"DeadLetterIsAWord", start + "topology: {queues: {q: {dead_letter: dlx}}}\n",
     "\"dead_letter\" is a mapping"},
    {"DeadLetterKey",
     start + "topology: {queues: {q: {dead_letter: {to: default, key: " + std::string(256, 'k') +
         "}}}}\n",
     "A key has at most 255 bytes."},
    {"DeathReason",
     start + "topology: {queues: {q: {}}}\nexpect: {queues: {q: {dead_lettered: {maxlenn: 1}}}}\n",
     "\"maxlenn\" is not a setting of what is expected of dead letters. Did you mean "
     "\"maxlen\"?"},
    {"RawSaysNothing", start + "clients: {c: {role: raw}}\n", "\"send\""},
    {"RawHeader", start + "clients: {c: {role: raw, send: [AMQP 0 0 900 1]}}\n",
     "line 4, column 38: A protocol header is \"AMQP\" and four numbers from 0 to 255"},
    {"RawHex", start + "clients: {c: {role: raw, send: [hex 01 0]}}\n",
     "line 4, column 40: Bytes are pairs of the digits"},
    {"RawEmptyHex", start + "clients: {c: {role: raw, send: ['hex ']}}\n", "no bytes"},
    {"RawMethod", start + "clients: {c: {role: raw, send: [conection.open]}}\n",
     "Did you mean \"connection.open\"?"},
    {"RawField", start + "clients: {c: {role: raw, send: [connection.open host=/]}}\n",
     "line 4, column 49: That method has no field \"host\""},
    {"RawNumber", start + "clients: {c: {role: raw, send: [connection.tune-ok heartbeat=70000]}}\n",
     "\"70000\" is no number that fits"},
    {"RawTruth", start + "clients: {c: {role: raw, send: [1 queue.declare durable=1]}}\n",
     "yes or no, not \"1\""},
    {"RawTable", start + "clients: {c: {role: raw, send: [1 queue.declare arguments=x]}}\n",
     "A table cannot be said in words"},
    {"RawQuote", start + "clients: {c: {role: raw, send: ['connection.open virtual-host=\"/']}}\n",
     "a quote is missing"},
    {"RawChannel", start + "clients: {c: {role: raw, send: [70000 channel.open]}}\n",
     "A channel is a number from 0 to 65535"},
    {"RawWait", start + "clients: {c: {role: raw, send: [wait 5]}}\n", "wait 100ms"},
    {"RawHears", start + "clients: {c: {role: raw, send: [hear connection.open]}}\n",
     "No broker sends that method"},
    {"RawHeartbeat", start + "clients: {c: {role: raw, heartbeat: 1s, send: [AMQP 0 0 9 1]}}\n",
     "A raw client has no \"heartbeat\""},
    {"RawPublishes",
     start + "clients: {c: {role: raw, send: [AMQP 0 0 9 1]}}\ntimeline: [{at: 1s, publish: {as: "
             "c}}]\n",
     "\"c\" is a raw client, and says nothing but its lines"},
    {"Role", start + "clients: {c: {role: consummer}}\n", "Did you mean \"consumer\"?"},
    {"NoRole", start + "clients: {c: {}}\n", "a client needs \"role\""},
    {"RoleKey", start + "clients: {c: {role: producer, publish: {}, prefetch: 1}}\n",
     "\"prefetch\" is not a setting of a producer."},
    {"Prefetch", queues + "    prefech: 1\n",
     "\"prefech\" is not a setting of a consumer. Did you mean \"prefetch\"?"},
    {"PrefetchRange", queues + "    prefetch: 70000\n",
     "\"prefetch\" is a whole number from 0 to 65535, not \"70000\"."},
    {"Ack", queues + "    ack: manuel\n",
     "\"ack\" is one of auto, manual, never, not \"manuel\". Did you mean \"manual\"?"},
    {"Batch", queues + "    prefetch: 2\n    batch: 3\n", "\"batch\" is at most \"prefetch\""},
    {"AutoPrefetch", queues + "    prefetch: 2\n    ack: auto\n", "nothing that \"prefetch\""},
    {"Exp", queues + "    work: exp often\n",
     "\"work\" is a duration such as 300ms, \"exp 300ms\" or"},
    {"Work", queues + "    work: per dot\n", "\"work\" is a duration such as 300ms"},
    {"From",
     start + "topology: {queues: {tasks: {}}}\n"
             "clients: {c: {role: consumer, from: taks}}\n",
     "\"taks\" is not a queue. Did you mean \"tasks\"?"},
    {"NoFrom", start + "clients: {c: {role: consumer}}\n", "a client that receives needs \"from\""},
    {"To", start + "clients: {c: {role: producer, publish: {to: logs}}}\n",
     "\"logs\" is not an exchange."},
    {"BindTo", start + "topology: {bindings: [{from: amq.fanout, to: q}]}\n",
     "\"q\" is not an exchange or a queue."},
    {"BindTwice",
     start + "topology:\n  queues: {q: {}}\n  bindings: [{from: amq.topic, to: q, key: a},\n"
             "    {from: amq.topic, to: q, key: a}]\n",
     "This binding stands in line 6 already."},
    {"BindHeaders",
     start + "topology: {queues: {q: {}}, bindings: [{from: amq.topic, to: q, match: any}]}\n",
     "is no headers exchange"},
    {"Alternate", start + "topology: {exchanges: {x: {type: topic, alternate: y}}}\n",
     "\"y\" is not an exchange. Did you mean \"x\"?"},
    {"OwnExchange", start + "topology: {exchanges: {amq.x: {type: topic}}}\n",
     "Names that begin with \"amq.\" are the broker's own."},
    {"HeaderCC", start + "clients: {c: {role: producer, publish: {headers: {CC: x}}}}\n",
     "The header \"CC\" is not supported yet."},
    {"HeaderMatch",
     start + "topology: {queues: {q: {}}, bindings: [{from: amq.match, to: q, headers: "
             "{x-match: any}}]}\n",
     "\"x-match\" is written as \"match\", beside the headers."},
    {"DefaultExchange", start + "topology: {exchanges: {default: {type: topic}}}\n",
     "\"default\" means the nameless exchange"},
    {"NoType", start + "topology: {exchanges: {x: {}}}\n", "an exchange needs \"type\""},
    {"Type", start + "topology: {exchanges: {x: {type: fannout}}}\n", "Did you mean \"fanout\"?"},
    {"Truth", start + "topology: {queues: {q: {durable: on}}}\n",
     "\"durable\" is yes or no, not \"on\"."},
    {"ClientName", start + "clients: {broker: {role: consumer}}\n", "has a meaning of its own"},
    {"ClientNameBlank", start + "clients: {a b: {role: consumer}}\n", "is one word"},
    {"CopyClash",
     start + "topology: {queues: {q: {}}}\n"
             "clients:\n"
             "  w1: {role: consumer, from: q}\n"
             "  w: {role: consumer, from: q, copies: 2}\n",
     "There is a client \"w1\" already."},
    {"Unlimited", start + "clients: {c: {role: producer, publish: {count: unlimited}}}\n",
     "\"count: unlimited\" needs \"every\"."},
    {"AfterConfirm", start + "clients: {c: {role: producer, publish: {every: after_confirm}}}\n",
     "needs \"confirms\""},
    {"AfterReply", start + "clients: {c: {role: producer, publish: {every: after_reply}}}\n",
     "\"every: after_reply\" is for an rpc-client."},
    {"TxAndConfirms",
     start + "clients: {c: {role: producer, publish: {}, confirms: {}, tx: {every: 2}}}\n",
     "\"confirms\" and \"tx\" exclude each other"},
    {"TxEvery", start + "clients: {c: {role: producer, publish: {}, tx: {rollback: 2}}}\n",
     "needs \"every\""},
    {"TxRollback",
     start + "clients: {c: {role: producer, publish: {}, tx: {every: 2, rollback: 0}}}\n",
     "\"rollback\" is a number, N..M, or every N, not \"0\"."},
    {"Every", start + "clients: {c: {role: producer, publish: {every: exp}}}\n", "\"exp 300ms\""},
    {"Ttl", start + "clients: {c: {role: producer, publish: {ttl: 100us}}}\n",
     "A message lives for whole ms."},
    {"Priority", start + "clients: {c: {role: producer, publish: {priority: 256}}}\n",
     "\"priority\" is a whole number from 0 to 255"},
    {"ChannelMax", start + "clients: {c: {role: producer, publish: {}, channel_max: 0}}\n",
     "\"channel_max\" is a whole number from 1 to 65535"},
    {"Run", start + "clients: {c: {role: admin, run: ./worker}}\n",
     "Only a producer, a consumer or a getter may be a program"},
    {"RunAndOrders",
     start + "clients: {c: {role: producer, publish: {}, run: ./worker}}\n"
             "timeline: [{at: 0s, publish: {as: c, to: default, key: q}}]\n",
     "\"c\" is a real program, and does what it likes."},
    {"Reconnect", start + "clients: {c: {role: producer, publish: {}, reconnect: always}}\n",
     "\"reconnect\" is never, or {after: DURATION}."},
    {"ReconnectAtOnce",
     start + "clients: {c: {role: producer, publish: {}, reconnect: {after: 0s}}}\n",
     "\"after\" of a reconnection is longer than 0s"},
    {"MessageNumber", start + "clients: {c: {role: producer, publish: {messages: [{n: 0}]}}}\n",
     "\"n\" is a number, N..M, or every N, not \"0\"."},
    {"LongKey",
     start + "clients: {c: {role: producer, publish: {key: \"" + std::string(250, 'k') +
         "{n}\"}}}\n",
     "A key has at most 255 bytes."},
    {"Link", queues + "links: {w3: {}}\n", "\"w3\" is not a client. Did you mean \"w1\"?"},
    {"LinkSide", queues + "links: {x to broker: {}}\n", "\"x\" is not a client."},
    {"LinkLoss", queues + "links: {default: {loss: 0.02}}\n",
     "\"loss\" is a percentage such as 2% or 0.5%, not \"0.02\"."},
    {"Rate", queues + "links: {default: {rate: 64k}}\n", "\"rate\" is a rate with its unit"},
    {"TwoTriggers", queues + "timeline: [{at: 1s, after: 1s, say: x}]\n",
     "An entry has one trigger: at, after or when."},
    {"NoTrigger", queues + "timeline: [{say: x}]\n", "An entry has one trigger"},
    {"NoAction", queues + "timeline: [{at: 1s}]\n", "Nothing happens here"},
    {"FirstAfter", queues + "timeline: [{after: 1s, say: x}]\n", "no entry above"},
    {"TooLate", queues + "timeline: [{at: 6s, say: x}]\n", "This would happen after \"stop\""},
    {"Wait", queues + "timeline: [{at: 1s, wait: 1s, say: x}]\n", "need a \"when\""},
    {"ForNothing", queues + "timeline: [{at: 1s, for: 1s, say: x}]\n", "can be undone"},
    {"Only", queues + "timeline: [{at: 1s, only: to broker, say: x}]\n",
     "needs a \"cut\" or a \"clog\""},
    {"Crash", queues + "timeline: [{at: 1s, crash: w}]\n",
     "\"w\" is not a client or the broker. Did you mean \"w1\"?"},
    {"Freeze", queues + "timeline: [{at: 1s, freeze: w}]\n",
     "\"w\" is not a client or the broker. Did you mean \"w1\"?"},
    {"Side", queues + "timeline: [{at: 1s, crash: w1, side: client}]\n",
     "\"side\" needs a \"reset\" or a \"close\"."},
    {"SlowClose", queues + "timeline: [{at: 1s, reset: w1, slow_close: 1s}]\n",
     "\"slow_close\" needs a \"close\"."},
    {"SlowCloseUnit", queues + "timeline: [{at: 1s, close: w1, slow_close: 1}]\n", "1s"},
    {"SlowClosed", queues + "timeline: [{at: 1s, close: w1, slow_clos: 1s}]\n",
     "Did you mean \"slow_close\"?"},
    {"LinkWithoutSet", queues + "timeline: [{at: 1s, link: w}]\n", "\"link\" needs \"set\"."},
    {"SetWithoutLink", queues + "timeline: [{at: 1s, cut: w1, set: {loss: 1%}}]\n",
     "\"set\" needs a \"link\"."},
    {"LinkSetsNothing", queues + "timeline: [{at: 1s, link: w, set: {}}]\n",
     "Nothing is set here."},
    {"LinkOfNobody", queues + "timeline: [{at: 1s, link: wx, set: {loss: 1%}}]\n",
     "\"wx\" is not a client."},
    {"LinkSideOfNobody", queues + "timeline: [{at: 1s, link: x to broker, set: {loss: 1%}}]\n",
     "\"x\" is not a client."},
    {"LinkBuffer", queues + "timeline: [{at: 1s, link: w1, set: {buffer: 0B}}]\n",
     "A \"buffer\" holds at least 1B."},
    {"ResetForAWhile", queues + "timeline: [{at: 1s, reset: w1, for: 1s}]\n",
     "\"for\" needs something that can be undone."},
    {"CutList", queues + "timeline: [{at: 1s, cut: [w1, w3]}]\n", "\"w3\" is not a client."},
    {"CutNobody", queues + "timeline: [{at: 1s, cut: []}]\n", "This list has nobody in it."},
    {"CalmNo", queues + "timeline: [{at: 1s, calm: no}]\n", "\"calm\" is yes"},
    {"Chance", queues + "timeline: [{at: 1s, crash: w1, chance: 0.1}]\n",
     "\"chance\" is a percentage such as 2% or 0.5%, not \"0.1\"."},
    {"WhenEventIs", queues + "timeline: [{when: {event: 3, is: acked}, say: x}]\n",
     "An event happens"},
    {"WhenBoth", queues + "timeline: [{when: {queue: tasks, client: p1, is: idle}, say: x}]\n",
     "\"when\" is about one message, queue, client or event."},
    {"WhenIsHas", queues + "timeline: [{when: {queue: tasks, is: idle}, say: x}]\n",
     "A queue \"has\" something"},
    {"WhenNoIs", queues + "timeline: [{when: {client: p1}, say: x}]\n", "This needs \"is\"."},
    {"WhenWord", queues + "timeline: [{when: {message: p1-1, is: deliverd}, say: x}]\n",
     "\"deliverd\" never happens. Did you mean \"delivered\"?"},
    {"LoseWithoutCrash", queues + "timeline: [{at: 1s, disk: {lose: unsynced}}]\n",
     "\"lose\" and \"tear\" need \"crash: broker\"."},
    {"TearAtTheCrashOfAClient",
     queues + "timeline: [{at: 1s, crash: p1, disk: {tear: last record}}]\n",
     "\"lose\" and \"tear\" need \"crash: broker\"."},
    {"NothingForTheDisk", queues + "timeline: [{at: 1s, disk: {}}]\n",
     "Nothing happens to the disk here."},
    {"FlipForAWhile", queues + "timeline: [{at: 1s, disk: {flip: old bit}, for: 1s}]\n",
     "A flipped bit stays as it is: \"for\" cannot undo it."},
    {"DiskWord", queues + "timeline: [{at: 1s, disk: {fail: reed}}]\n",
     "\"fail\" is one of write, sync, not \"reed\"."},
    {"SmallSegment", start + "broker: {segment: 100B}\n", "\"segment\" is at least 256B."},
    {"NoCheck", start + "expect: {allowed: [S0]}\n",
     "\"S0\" is no check; these are S1 to S21 and L1 to L5."},
    {"NoCheckSoHigh", start + "expect: {allowed: [S22]}\n",
     "\"S22\" is no check; these are S1 to S21 and L1 to L5."},
    {"WhenNumber", queues + "timeline: [{when: {queue: tasks, has: ready}, say: x}]\n",
     "A number stands before \"ready\", as in 3 ready."},
    {"WhenNoNumber", queues + "timeline: [{when: {queue: tasks, has: 3 a requeue}, say: x}]\n",
     "No number stands before \"a requeue\"."},
    {"MessageName", queues + "timeline: [{when: {message: p1, is: acked}, say: x}]\n",
     "\"p1\" is no name of a message"},
    {"MessageCount", queues + "timeline: [{when: {message: p1-4, is: acked}, say: x}]\n",
     "\"p1\" sends only 3 messages."},
    {"MessageOfConsumer", queues + "timeline: [{when: {message: w1-1, is: acked}, say: x}]\n",
     "\"w1\" is no producer and sends no messages."},
    {"MessageOfNobody", queues + "timeline: [{when: {message: p2-1, is: acked}, say: x}]\n",
     "\"p2\" is not a client. Did you mean \"p1\"?"},
    {"MessageQueue", queues + "timeline: [{when: {message: p1-1@adit, is: acked}, say: x}]\n",
     "\"adit\" is not a queue. Did you mean \"audit\"?"},
    {"OneChoice", queues + "timeline: [{at: 1s, ask: {question: q, choices: [a], answer: a}}]\n",
     "two choices or more"},
    {"Answer", queues + "timeline: [{at: 1s, ask: {question: q, choices: [a, b], answer: c}}]\n",
     "The answer is one of the choices."},
    {"ExpectRange", queues + "expect: {lost: some}\n",
     "\"lost\" is a number such as 12, \">= 3\", \"<= 5\" or 3..5, not \"some\"."},
    {"ExpectQueue", queues + "expect: {queues: {task: {ready: 0}}}\n",
     "\"task\" is not a queue. Did you mean \"tasks\"?"},
    {"ExpectMessage", queues + "expect: {messages: {p1-1@tasks: {delivered: 1}}}\n",
     "Here stands a message without a queue: \"p1-1\"."},
    {"ExpectRoute", queues + "expect: {messages: {p1-1: {route: [nowhere]}}}\n",
     "\"nowhere\" is not an exchange or a queue."},
    {"ExpectEnds", queues + "expect: {messages: {p1-1: {ends_in: ackd}}}\n",
     "Did you mean \"acked\"?"},
    {"ExpectSometimes", queues + "expect: {sometimes: [prefetch ful]}\n",
     "is nothing that can be seen to happen. Did you mean \"prefetch full\"?"},
    {"ExpectStory", queues + "expect: {story: 12}\n", "\"story\" is 16 hex digits, not \"12\"."},
    {"NoCheckToBreak", start + "expect: {broken: S22}\n",
     "\"S22\" is no check; these are S1 to S21 and L1 to L5."},
    {"FrameMax", start + "broker: {frame_max: 4095B}\n", "at least 4096B"},
    {"Heartbeat", start + "broker: {heartbeat: 1500ms}\n", "\"heartbeat\" is whole seconds"},
};

INSTANTIATE_TEST_SUITE_P(Scenario, WrongScenario, testing::ValuesIn(wrong),
                         [](const testing::TestParamInfo<Wrong> &test) {
                             return std::string(test.param.name);
                         });

TEST(ScenarioErrors, TellsAllErrorsInTheOrderOfTheFile)
{
    std::string error = error_of(start + "clients:\n"
                                         "  a: {role: consumer, from: q1}\n"
                                         "  b: {role: consumer, form: q2}\n"
                                         "links: {c: {latncy: 1ms}}\n");
    size_t first      = error.find("\"q1\" is not a queue");
    size_t second     = error.find("\"form\" is not a setting");
    size_t third      = error.find("\"latncy\" is not a setting");

    ASSERT_NE(std::string::npos, third) << error;
    EXPECT_LT(first, second);
    EXPECT_LT(second, third);
}

TEST(ScenarioErrors, TellsTwentyErrorsAndCountsTheRest)
{
    std::string text = start;

    for (int i = 0; i < 30; i++)
        text += "bad" + std::to_string(i) + ": x\n";
    std::string error = error_of(text);
    EXPECT_NE(std::string::npos, error.find("\"bad19\""));
    EXPECT_EQ(std::string::npos, error.find("\"bad20\""));
    EXPECT_NE(std::string::npos, error.find("... and 10 more"));
}

TEST(ScenarioErrors, RefusesAFileThatIsTooLarge)
{
    std::string error = error_of(start + "about: " + std::string(1100000, 'x') + "\n");
    EXPECT_NE(std::string::npos, error.find("larger than 1048576 bytes"));
}

TEST(ScenarioErrors, RefusesAFileWithTooManyParts)
{
    std::string text = start + "timeline: [";

    for (int i = 0; i < 110000; i++)
        text += "a,";
    EXPECT_NE(std::string::npos, error_of(text + "]\n").find("more parts"));
}

TEST(ScenarioErrors, AMissingFileIsAFileError)
{
    g_autoptr(GError) error         = NULL;
    g_autoptr(GmqScenario) scenario = gmq_scenario_load("/nonexistent.yaml", &error);

    EXPECT_EQ(nullptr, scenario);
    EXPECT_TRUE(g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT));
}

/* Whatever the bytes are, there is a scenario or an error, and never a crash. */
TEST(ScenarioErrors, SurvivesAnyBytes)
{
    static const char *const pieces[] = {"{",           "}",
                                         "[",           "]",
                                         ": ",          "- ",
                                         "\n",          "  ",
                                         "\"",          "'",
                                         "&a",          "*a",
                                         "!t",          "<<",
                                         "---\n",       "0",
                                         "\xff",        "default",
                                         "copies: 3\n", "amq.",
                                         "{n}",         ">=",
                                         "..",          "every ",
                                         "-1",          "18446744073709551616",
                                         "@",           "#"};
    std::vector<std::string> texts;
    GmqRandom random;

    for (const std::string &name : shipped_scenarios())
        texts.push_back(read_text(source_path("scenarios/" + name)));
    gmq_random_init(&random, 1, "mutations");
    for (int i = 0; i < 6000; i++) {
        std::string text = texts[static_cast<size_t>(i) % texts.size()];

        for (uint64_t n = gmq_random_below(&random, 4) + 1; n > 0; n--) {
            size_t at    = gmq_random_below(&random, text.size());
            size_t count = gmq_random_below(&random, 12);
            size_t piece = gmq_random_below(&random, G_N_ELEMENTS(pieces));

            text.replace(at, count, pieces[piece]);
        }
        std::string error;
        g_autoptr(GmqScenario) scenario = parse(text, &error);
        EXPECT_EQ(scenario == NULL, !error.empty());
    }
}

TEST(ScenarioFile, WithAByteOrderMarkSaysSo)
{
    std::string error;
    g_autoptr(GmqScenario) scenario = parse("\xef\xbb\xbfglassmq: 1\ntitle: T\nstop: 1s\n", &error);

    EXPECT_EQ(nullptr, scenario);
    EXPECT_NE(std::string::npos, error.find("save it as UTF-8 without one")) << error;
}

TEST(ScenarioFile, WithoutEndIsReadNoFurtherThanALargeOne)
{
    g_autoptr(GError) error         = NULL;
    g_autoptr(GmqScenario) scenario = gmq_scenario_load("/dev/zero", &error);

    EXPECT_EQ(nullptr, scenario);
    EXPECT_NE(nullptr, strstr(error->message, "larger than 1048576 bytes")) << error->message;
}

TEST(ScenarioFile, ThatIsAFolderOrIsNotThereIsAnErrorOfTheFile)
{
    for (const char *path : {"/", "/nowhere/at/all.yaml"}) {
        g_autoptr(GError) error         = NULL;
        g_autoptr(GmqScenario) scenario = gmq_scenario_load(path, &error);

        EXPECT_EQ(nullptr, scenario);
        EXPECT_EQ(G_FILE_ERROR, error->domain) << path;
    }
}
