"""The suites: where each comes from, how it is run against a port, and how its answers are read.

prepare(cache) fetches a suite and returns its folder, or raises Missing. commands(folder) are what
to run there, each a list of words; read(text) finds the answers in what they print, as pairs of a
name and "passes", "fails" or "is skipped"."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import fetch

HERE = Path(__file__).resolve().parent
COMPILE_S = 180
ANSWERS = {"ok": "passes", "not ok": "fails", "skip": "is skipped",
           "PASSED": "passes", "FAILED": "fails", "ERROR": "fails", "SKIPPED": "is skipped",
           "PASS": "passes", "FAIL": "fails", "SKIP": "is skipped"}


@dataclass
class Suite:
    name: str  # as in known.txt
    prepare: Callable
    commands: Callable
    read: Callable
    limit_s: int  # for all its commands against one broker
    environment: dict = field(default_factory=dict)  # {port} and {folder} are filled in


# ---- how answers are read ----

def read_lines(text, pattern):
    return [(name, ANSWERS[word]) for word, name in re.findall(pattern, text, flags=re.M)]


def read_plain(text):
    return read_lines(text, r"^(ok|not ok|skip) (\S.*)$")


def read_pytest(text):
    return [(name, ANSWERS[word]) for name, word in re.findall(
        r"^\S+::(\S+) (PASSED|FAILED|ERROR|SKIPPED)\b", text, flags=re.M)]


def read_go(text):
    return read_lines(text, r"^\s*--- (PASS|FAIL|SKIP): (\S+)")


def read_node(text):
    """Only points without points of their own; a name is the path of all that it stands in."""
    path, found, parents = [], {}, set()
    for line in text.splitlines():
        depth = (len(line) - len(line.lstrip(" "))) // 4
        started = re.match(r" *# Subtest: (.*)", line)
        ended = re.match(r" *(ok|not ok) \d+ - (.*?)( # SKIP.*)?$", line)
        if started:
            path = [*path[:depth], started[1]]
            parents.add(" > ".join(path[:-1]))
        elif ended:
            name = " > ".join([*path[:depth], ended[2]])
            found[name] = "is skipped" if ended[3] else ANSWERS[ended[1]]
    return [each for each in found.items() if each[0] not in parents]


def read_perl(text):
    """The points of several files, each announced by a line "== FILE"."""
    found, script = [], ""
    for line in text.splitlines():
        ended = re.match(r"(ok|not ok) \d+ (?:- )?(# skip )?(.*)", line)
        if line.startswith("== "):
            script = line[3:]
        elif ended:
            found.append((f"{script}: {ended[3]}",
                          "is skipped" if ended[2] else ANSWERS[ended[1]]))
    return found


# ---- python-pika, python-amqp ----

PYTHON_PARTS = [
    ("pool/main/p/pytest/python3-pytest_7.2.1-2_all.deb",
     "bc5df67eb9ea18beddd95eaaa1ffc7bfffc1716d3071e6f405bd22f6a0411416"),
    ("pool/main/p/python-pluggy/python3-pluggy_1.0.0+repack-1_all.deb",
     "7bda88243752fef7fd14f256ae91bf39bdcda68f83dc726db1d6d9b8b3957899"),
    ("pool/main/p/python-iniconfig/python3-iniconfig_1.1.1-2_all.deb",
     "c9226a32a78fa93f9e993a4ed77fcb3ceb23c21b9d75d7ea4dc77cb016ed0d83"),
    ("pool/main/p/python-packaging/python3-packaging_23.0-1_all.deb",
     "04adb9e09aa8ed5bd8e31d31143fb265c43dcbec70da19f21e37cbe44b0c32cf"),
    ("pool/main/p/python-attrs/python3-attr_22.2.0-1_all.deb",
     "6a12ea96a8a909445a982975279f96d7b9a1ff96c912efff39abc8d92372694a"),
    ("pool/main/v/vine/python3-vine_5.0.0+dfsg-3_all.deb",
     "d158de102dd9fb6b633acc158f91e5078ff4be8ea62df2ce6fc5ef92008d2a0e"),
]
PYTHON = [sys.executable, "-B", "-W", "ignore"]


def prepare_pika(cache):
    return fetch.unpack(cache, "pika", [
        ("pool/main/p/python-pika/python-pika_1.3.2.orig.tar.gz",
         "5eb71b9a0047c77d99378e525a2041fc50aae4a177b060f9825b3e2fdcc96fc4")])


def pika_commands(_folder):
    """Without the loops that are not Python's own, and without names of the Internet."""
    return [[*PYTHON, HERE / "units.py", "-x", "with_gevent", "-x", "with_tornado",
             "-x", "with_select_kqueue", "-x", "WWWGoogle", f"tests.acceptance.{module}"]
            for module in ("blocking_adapter_test", "async_adapter_tests")]


def prepare_amqp(cache):
    """Its tests are pytest's, which stands in a folder beside it."""
    fetch.unpack(cache, "python-parts", PYTHON_PARTS)
    return fetch.unpack(cache, "python-amqp", [
        ("pool/main/p/python-amqp/python-amqp_5.3.1.orig.tar.gz",
         "cddc00c725449522023bad949f70fff7b48f0b1ade74d170a6f10ab044739432")])


def amqp_commands(_folder):
    return [[*PYTHON, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-k", "not tls",
             "t/integration/test_rmq.py"]]


# ---- librabbitmq ----

C_SOURCES = ["api", "connection", "consumer", "framing", "mem", "socket", "table", "tcp_socket",
             "time", "url"]
C_FLAGS = ["-w", "-O1", "-D_GNU_SOURCE", "-DHAVE_POLL", "-DAMQP_STATIC",
           '-DAMQ_PLATFORM="Linux"', "-Ilibrabbitmq", "-Ilibrabbitmq/unix", "-Iexamples"]
C_EXAMPLES = ["exchange_declare", "listen", "sendstring", "listenq", "bind", "unbind", "producer",
              "rpc_sendstring_client", "connect_timeout"]


def compile_c(folder, program, sources):
    words = ["cc", *C_FLAGS, "-o", program, *sources,
             *(f"librabbitmq/amqp_{name}.c" for name in C_SOURCES), "-lpthread"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=COMPILE_S)
    if done.returncode != 0:
        raise fetch.Missing("librabbitmq does not compile: " + done.stderr[-200:])


def prepare_librabbitmq(cache):
    fetch.need_command("cc", "stdbuf")
    folder = fetch.unpack(cache, "librabbitmq", [
        ("pool/main/libr/librabbitmq/librabbitmq_0.11.0.orig.tar.gz",
         "437d45e0e35c18cf3e59bcfe5dfe37566547eb121e69fca64b98f5d2c1c2d424")])
    compile_c(folder, "test_basic", ["tests/test_basic.c"])
    for name in C_EXAMPLES:
        compile_c(folder, f"amqp_{name}", [f"examples/amqp_{name}.c", "examples/utils.c",
                                           "examples/unix/platform_utils.c"])
    return folder


def librabbitmq_commands(_folder):
    return [["sh", HERE / "librabbitmq.sh"]]


# ---- amqplib ----

def prepare_amqplib(cache):
    """A copy, since tests in node_modules are not run by every version of Node.js."""
    modules = fetch.npm_packages(cache)
    folder = cache / "amqplib"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(modules / "amqplib", folder)
    return folder


def amqplib_commands(_folder):
    return [["node", "--test-reporter=tap", f"test/{name}.test.js"]
            for name in ("connect", "channel_api", "callback_api")]


# ---- the Go client ----

GO_PARTS = [
    ("pool/main/g/golang-github-rabbitmq-amqp091-go/"
     "golang-github-rabbitmq-amqp091-go-dev_1.5.0-2_all.deb",
     "5383a2e81c2830565dc530777c87f4275a4d98c7201f8391f29c581cbdedc47e"),
    ("pool/main/g/golang-uber-goleak/golang-uber-goleak-dev_1.2.0-1_all.deb",
     "da056257309b52c9853cb24c80aa8fecaefddb75606e6b207182e5a223aa1017"),
    ("pool/main/g/golang-testify/golang-github-stretchr-testify-dev_1.8.1-1_all.deb",
     "214a31391cf60e1d1abd9f218cb5134a1fd646340a147a04c2d95a981024a305"),
    ("pool/main/g/golang-github-davecgh-go-spew/golang-github-davecgh-go-spew-dev_1.1.1-3_all.deb",
     "7471fa721ba94220f06808b5e78825f3669815db1618a1dfd58220c1de916ae1"),
    ("pool/main/g/golang-github-pmezard-go-difflib/"
     "golang-github-pmezard-go-difflib-dev_1.0.0-3_all.deb",
     "e40784b6b23b94127c81010189ad0bc582c20b3bbdc145aa8a52c9622f8192f9"),
    ("pool/main/g/golang-gopkg-yaml.v3/golang-gopkg-yaml.v3-dev_3.0.1-3_all.deb",
     "3ad4febd49700bc670f0f143f3291ecab4e032cc227d69521bacadbc493cfbbe"),
]


def prepare_go(cache):
    fetch.need_command("go")
    folder = fetch.unpack(cache, "go", GO_PARTS) / "usr/share/gocode"
    client = folder / "src/github.com/rabbitmq/amqp091-go"
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(cache), "GO111MODULE": "off",
                   "GOFLAGS": "", "GOPATH": str(folder), "GOCACHE": str(cache / "go-cache")}
    done = subprocess.run(["go", "test", "-c", "-tags", "integration", "-o", "client.test", "."],
                          cwd=client, env=environment, capture_output=True, text=True,
                          timeout=COMPILE_S)
    if done.returncode != 0:
        raise fetch.Missing("the Go client does not compile: " + done.stderr[-200:])
    return client


def go_commands(folder):
    """Without one that takes RabbitMQ minutes: it opens 80,000 channels."""
    listed = subprocess.run(["./client.test", "-test.list", "."], cwd=folder, capture_output=True,
                            text=True, timeout=COMPILE_S).stdout.split()
    wanted = [name for name in listed
              if name.startswith("Test") and name != "TestChannelCounterShouldNotPanicIssue136"]
    return [["./client.test", "-test.v", "-test.run", "^(" + "|".join(wanted) + ")$"]]


# ---- PHP's extension, Perl's client ----

def prepare_php(cache):
    fetch.need_success(["php", "-r", "exit(extension_loaded('amqp') ? 0 : 1);"],
                       "PHP's extension amqp is not installed")
    folder = fetch.unpack(cache, "php-amqp", [
        ("pool/main/p/php-amqp/php-amqp_1.11.0.orig.tar.gz",
         "dc5212b4785f59955118a219bbfbcedb7aa6ab2a91e8038a0ad1898f331c2f08")])
    tests = next(folder.glob("**/tests"))
    for case in tests.glob("*.phpt"):
        if re.search("timeout|heartbeat", case.stem, flags=re.I):
            case.unlink()  # they wait for addresses that nobody has, and for silence
    return tests


def php_commands(_folder):
    return [[*PYTHON, HERE / "phpt.py", "."]]


def prepare_perl(cache):
    fetch.need_success(["perl", "-MAnyEvent::RabbitMQ", "-MTest::Exception", "-e", "1"],
                       "Perl's AnyEvent::RabbitMQ or Test::Exception is not installed")
    return fetch.unpack(cache, "anyevent-rabbitmq", [
        ("pool/main/liba/libanyevent-rabbitmq-perl/libanyevent-rabbitmq-perl_1.22~dfsg.orig.tar.xz",
         "bd35753e1f0e51e5416a6b655df9be3a80ef03f1b3b568ec9f1c2d19e9fdf12d")])


def perl_commands(_folder):
    return [["sh", "-c", 'echo "== $1" && exec perl "xt/$1.t"', "sh", name]
            for name in ("04_anyevent", "05_multi_channel", "06_close")]


PARTS = "{folder}:{folder}/../python-parts/usr/lib/python3/dist-packages"
SUITES = [
    Suite("pika 1.3.2", prepare_pika, pika_commands, read_plain, 90,
          {"PYTHONPATH": "{folder}"}),
    Suite("amqp 5.3.1", prepare_amqp, amqp_commands, read_pytest, 60,
          {"PYTHONPATH": PARTS, "RABBITMQ_HOST": "127.0.0.1", "RABBITMQ_5672_TCP": "{port}"}),
    Suite("librabbitmq 0.11.0", prepare_librabbitmq, librabbitmq_commands, read_plain, 60),
    Suite("amqplib 2.0.0", prepare_amqplib, amqplib_commands, read_node, 90,
          {"URL": "amqp://127.0.0.1:{port}", "NODE_PATH": "{folder}/../npm/node_modules"}),
    Suite("amqp091-go 1.5.0", prepare_go, go_commands, read_go, 60,
          {"AMQP_URL": "amqp://guest:guest@127.0.0.1:{port}/"}),
    Suite("php-amqp 1.11.0", prepare_php, php_commands, read_plain, 120),
    Suite("AnyEvent-RabbitMQ 1.22", prepare_perl, perl_commands, read_perl, 60),
]
