"""glassmq ctl with a running broker: what each command does, who may use the socket, and who cannot
hold it up. Its argument is the program glassmq."""

import json
import os
import signal
import socket
import stat
import struct
import subprocess
import tempfile
import time
import unittest

import tap
from broker import PROGRAM, Broker
from wire import (CLOSE_OK, HEADER, TUNE_OK, Client, consume, declare, delete, longstr, method,
                  publish, shortstr)


def ctl(*words, stdin=""):
    return subprocess.run([PROGRAM, "ctl", *words], capture_output=True, text=True, input=stdin,
                          timeout=30)


class Case(unittest.TestCase):
    """One broker for all points of a class."""

    @classmethod
    def setUpClass(cls):
        cls.broker = Broker()
        cls.broker.__enter__()
        cls.addClassCleanup(cls.broker.__exit__, None, None, None)

    def client(self):
        client = Client(self.broker.port).shake_hands()
        self.addCleanup(client.socket.close)
        return client

    def queue(self, client, name, *bodies):
        client.call(declare(name), 50, 11)
        for body in bodies:
            client.send(publish(name, body))
        client.call(declare(name), 50, 11)
        self.addCleanup(self.broker.ctl, "delete_queue", name)

    def done(self, *words, stdin=""):
        """What a command that goes well prints."""
        done = self.broker.ctl(*words, stdin=stdin)
        self.assertEqual((0, ""), (done.returncode, done.stderr), words)
        return done.stdout

    def rows(self, *words):
        return json.loads(self.done("--format", "json", *words))

    def row(self, key, value, *words):
        found = [row for row in self.rows(*words) if row[key] == value]
        self.assertEqual(1, len(found), found)
        return found[0]

    def refused(self, status, sentence, *words, stdin=""):
        done = self.broker.ctl(*words, stdin=stdin)
        self.assertEqual((status, ""), (done.returncode, done.stdout), done.stderr)
        self.assertIn(sentence, done.stderr)
        self.assertRegex(done.stderr, r"\Aglassmq ctl: [^\n]*[.?]\n\Z")


class Listing(Case):
    def test_queues(self):
        client = self.client()
        self.queue(client, "orders", b"one", b"two2")
        row = self.row("name", "orders", "list_queues", "name", "messages", "messages_ready",
                       "messages_unacknowledged", "message_bytes_ready", "consumers", "durable",
                       "auto_delete", "exclusive", "arguments", "state", "vhost")
        self.assertEqual({"name": "orders", "messages": 2, "messages_ready": 2,
                          "messages_unacknowledged": 0, "message_bytes_ready": 7, "consumers": 0,
                          "durable": False, "auto_delete": False, "exclusive": False,
                          "arguments": {}, "state": "running", "vhost": "/"}, row)
        client.call(method(1, 60, 70, struct.pack("!H", 0) + shortstr("orders") + b"\0"), 60, 71)
        row = self.row("name", "orders", "list_queues", "name", "messages",
                       "messages_unacknowledged")
        self.assertEqual({"name": "orders", "messages": 2, "messages_unacknowledged": 1}, row)

    def test_exchanges(self):
        names = [row["name"] for row in self.rows("list_exchanges")]
        self.assertEqual(["", "amq.direct", "amq.fanout"], names[:3])
        self.assertEqual("topic", self.row("name", "amq.topic", "list_exchanges")["type"])

    def test_bindings(self):
        client = self.client()
        self.queue(client, "bound")
        client.call(method(1, 50, 20, struct.pack("!H", 0) + shortstr("bound") +
                           shortstr("amq.topic") + shortstr("a.*") + b"\0" +
                           struct.pack("!I", 7) + b"\1nI" + struct.pack("!i", 5)), 50, 21)
        found = [row for row in self.rows("list_bindings") if row["destination_name"] == "bound"]
        self.assertEqual([("", "bound", {}), ("amq.topic", "a.*", {"n": 5})],
                         [(row["source_name"], row["routing_key"], row["arguments"])
                          for row in found])

    def test_connections_channels_and_consumers(self):
        client = self.client()
        self.queue(client, "eaten")
        client.call(consume("eaten"), 60, 21)
        where = client.socket.getsockname()
        name = f"127.0.0.1:{where[1]} -> 127.0.0.1:{self.broker.port}"
        row = self.row("name", name, "list_connections")
        self.assertEqual({"name": name, "user": "guest", "vhost": "/", "state": "running",
                          "channels": 1}, row)
        row = self.row("connection", name, "list_channels")
        self.assertEqual((1, 1, "guest"), (row["number"], row["consumer_count"], row["user"]))
        row = self.row("connection", name, "list_consumers")
        self.assertEqual(("eaten", 1, False, True),
                         (row["queue_name"], row["channel"], row["ack_required"], row["active"]))

    def test_virtual_hosts(self):
        self.assertIn({"name": "/"}, self.rows("list_vhosts"))

    def test_status(self):
        found = json.loads(self.done("status", "--format", "json"))
        self.assertEqual((True, "GlassMQ", self.broker.pid),
                         (found["ok"], found["product"], found["pid"]))
        self.assertRegex(self.done("status"), rf"(?m)^pid +{self.broker.pid}$")

    def test_a_table_is_aligned_and_harmless(self):
        client = self.client()
        self.queue(client, "日本", b"x")
        self.queue(client, "\x1b[2J")
        lines = self.done("list_queues", "name", "messages").splitlines()
        self.assertIn("日本" + " " * (lines[0].index("messages") - 4) + "       1", lines)
        self.assertTrue(any(line.startswith("\\x1b[2J ") for line in lines), lines)

    def test_thousands_of_queues_come_whole(self):
        client = self.client()
        names = [f"many-{n}" for n in range(3000)]
        client.send(b"".join(declare(name) for name in names))
        for _ in names:
            client.expect(50, 11)
        listed = [row["name"] for row in self.rows("list_queues") if row["name"][:5] == "many-"]
        self.assertEqual(names, listed)
        for name in names:
            client.call(delete(name), 50, 41)


class Deed(Case):
    def test_purges_a_queue(self):
        client = self.client()
        self.queue(client, "full", b"1", b"2", b"3")
        self.assertEqual("messages  3\n", self.done("purge_queue", "full"))
        self.assertEqual(0, self.row("name", "full", "list_queues")["messages"])
        self.refused(1, "there is no queue 'none'", "purge_queue", "none")

    def test_deletes_a_queue(self):
        client = self.client()
        self.queue(client, "gone", b"1")
        self.refused(1, "queue 'gone' in vhost '/' not empty", "delete_queue", "gone", "--if-empty")
        client.call(consume("gone"), 60, 21)
        self.refused(1, "queue 'gone' in vhost '/' in use", "delete_queue", "gone", "--if-unused")
        self.done("delete_queue", "gone")
        self.assertNotIn("gone", [row["name"] for row in self.rows("list_queues")])

    def test_closes_a_connection(self):
        client, other = self.client(), self.client()
        name = f"127.0.0.1:{client.socket.getsockname()[1]} -> 127.0.0.1:{self.broker.port}"
        self.done("close_connection", name, "go home")
        self.assertEqual((320, "CONNECTION_FORCED - go home"), client.expect_close())
        client.send(CLOSE_OK)
        other.call(declare("still"), 50, 11)
        self.refused(1, "there is no connection 'nobody'", "close_connection", "nobody", "why")
        self.done("close_all_connections", "all of you")
        self.assertEqual((320, "CONNECTION_FORCED - all of you"), other.expect_close())


    def test_pauses_a_queue(self):
        client = self.client()
        self.queue(client, "shy", b"1")
        self.done("pause_queue", "shy")
        self.assertEqual("paused", self.row("name", "shy", "list_queues", "name", "state")["state"])
        get = method(1, 60, 70, struct.pack("!H", 0) + shortstr("shy") + b"\1")
        client.call(get, 60, 72)
        self.done("resume_queue", "shy")
        self.assertEqual("running", self.row("name", "shy", "list_queues", "name", "state")["state"])
        client.call(get, 60, 71)
        self.refused(1, "there is no queue 'bold'", "pause_queue", "bold")


    def test_traces_a_virtual_host(self):
        client = self.client()
        self.queue(client, "watched")
        self.queue(client, "traces")
        client.call(method(1, 50, 20, struct.pack("!H", 0) + shortstr("traces") +
                           shortstr("amq.rabbitmq.trace") + shortstr("#") + b"\0" + longstr(b"")),
                    50, 21)
        self.done("trace_on")
        self.assertTrue(self.row("name", "/", "list_vhosts", "name", "tracing")["tracing"])
        client.send(publish("watched", b"1"))
        client.call(declare("watched"), 50, 11)
        self.assertEqual(1, self.row("name", "traces", "list_queues")["messages"])
        self.done("trace_off")
        client.send(publish("watched", b"2"))
        client.call(declare("watched"), 50, 11)
        self.assertEqual(1, self.row("name", "traces", "list_queues")["messages"])
        self.refused(1, "there is no virtual host 'x'", "trace_on", "-p", "x")


def log_in(port, user, password, vhost="/"):
    """The state that a handshake gets to: "open", or the code of a close, or "refused"."""
    with Client(port) as client:
        client.send(HEADER)
        client.expect(10, 10)
        client.send(method(0, 10, 11, longstr(b"") + shortstr("PLAIN") +
                           longstr(f"\0{user}\0{password}".encode()) + shortstr("en_US")))
        found = client.read_frame()
        if found is None:
            return "refused"
        client.send(TUNE_OK + method(0, 10, 40, shortstr(vhost) + shortstr("") + b"\0"))
        found = client.read_frame()
        ids = struct.unpack("!HH", found[2][:4])
        return "open" if ids == (10, 41) else struct.unpack("!H", found[2][4:6])[0]


class Access(Case):
    def user(self, name, password="secret"):
        self.done("add_user", name, password)
        self.addCleanup(self.broker.ctl, "delete_user", name)

    def vhost(self, name):
        self.done("add_vhost", name)
        self.addCleanup(self.broker.ctl, "delete_vhost", name)

    def test_users(self):
        self.assertEqual("refused", log_in(self.broker.port, "anna", "secret"))
        self.user("anna")
        self.assertEqual(530, log_in(self.broker.port, "anna", "secret"))
        self.done("set_permissions", "anna", "", "", "")
        self.assertEqual("open", log_in(self.broker.port, "anna", "secret"))
        self.done("change_password", "anna", stdin="other\n")
        self.assertEqual("refused", log_in(self.broker.port, "anna", "secret"))
        self.assertEqual("open", log_in(self.broker.port, "anna", "other"))
        self.done("clear_permissions", "anna")
        self.assertEqual(530, log_in(self.broker.port, "anna", "other"))
        self.done("set_user_tags", "anna", "monitoring", "ops")
        self.assertEqual({"user": "anna", "tags": ["monitoring", "ops"]},
                         self.row("user", "anna", "list_users"))
        self.done("set_user_tags", "anna")
        self.assertEqual([], self.row("user", "anna", "list_users")["tags"])
        self.refused(1, "user 'anna' exists already", "add_user", "anna", "x")
        self.done("delete_user", "anna")
        self.assertEqual("refused", log_in(self.broker.port, "anna", "other"))
        self.refused(1, "there is no user 'anna'", "delete_user", "anna")
        self.refused(1, "there is no user 'anna'", "set_permissions", "anna", "", "", "")

    def test_a_password_may_come_from_the_standard_input(self):
        self.done("add_user", "bob", stdin="pass word\nmore\n")
        self.addCleanup(self.broker.ctl, "delete_user", "bob")
        self.assertEqual(530, log_in(self.broker.port, "bob", "pass word"))
        self.refused(1, "cannot read the password", "change_password", "bob")
        self.refused(1, "the password is empty", "change_password", "bob", "")

    def test_virtual_hosts(self):
        self.vhost("dev")
        self.assertIn({"name": "dev"}, self.rows("list_vhosts"))
        self.assertEqual(530, log_in(self.broker.port, "guest", "guest", "dev"))
        self.done("set_permissions", "-p", "dev", "guest", "^a", "b", ".*")
        self.assertEqual([{"user": "guest", "configure": "^a", "write": "b", "read": ".*"}],
                         self.rows("list_permissions", "-p", "dev"))
        self.assertEqual("open", log_in(self.broker.port, "guest", "guest", "dev"))
        self.refused(1, "vhost 'dev' exists already", "add_vhost", "dev")
        self.refused(1, "regular expression", "set_permissions", "guest", "(", "", "")
        self.done("delete_vhost", "dev")
        self.refused(1, "there is no vhost 'dev'", "delete_vhost", "dev")

    def test_topic_permissions(self):
        self.done("set_topic_permissions", "guest", "amq.topic", "^a", "^b")
        self.assertEqual([{"user": "guest", "exchange": "amq.topic", "write": "^a", "read": "^b"}],
                         self.rows("list_topic_permissions"))
        self.done("clear_topic_permissions", "guest", "amq.topic")
        self.assertEqual([], self.rows("list_topic_permissions"))

    def test_limits(self):
        self.vhost("small")
        self.done("set_vhost_limits", "-p", "small", '{"max-queues": 2}')
        self.assertEqual([{"vhost": "small", "limits": {"max-queues": 2}}],
                         self.rows("list_vhost_limits"))
        self.done("clear_vhost_limits", "-p", "small")
        self.assertEqual([], self.rows("list_vhost_limits"))
        self.user("few")
        self.done("set_permissions", "few", "", "", "")
        self.done("set_user_limits", "few", '{"max-connections": 0}')
        self.assertEqual([{"user": "few", "limits": {"max-connections": 0}}],
                         self.rows("list_user_limits"))
        self.assertEqual(530, log_in(self.broker.port, "few", "secret"))
        self.done("clear_user_limits", "few", "all")
        self.assertEqual("open", log_in(self.broker.port, "few", "secret"))
        self.refused(1, "there is no limit 'max-queue'", "set_vhost_limits", '{"max-queue": 1}')
        self.refused(1, "is a whole number", "set_vhost_limits", '{"max-queues": "1"}')
        self.refused(1, "is no JSON object", "set_user_limits", "few", "5")
        self.refused(1, "there is no limit 'x'", "clear_user_limits", "few", "x")

    def test_policies(self):
        client = self.client()
        self.queue(client, "short-1", b"1", b"2", b"3")
        self.done("set_policy", "short", "^short", '{"max-length": 1}', "--priority", "4",
                  "--apply-to", "queues")
        self.assertEqual([{"vhost": "/", "name": "short", "pattern": "^short", "apply-to": "queues",
                           "definition": {"max-length": 1}, "priority": 4}],
                         self.rows("list_policies"))
        self.assertEqual({"name": "short-1", "messages": 1, "policy": "short"},
                         self.row("name", "short-1", "list_queues", "name", "messages", "policy"))
        self.refused(1, "max-lengt", "set_policy", "x", "", '{"max-lengt": 1}')
        self.refused(1, "the definition is no JSON object", "set_policy", "x", "", "[1]")
        self.refused(2, "--priority takes a whole number", "set_policy", "x", "", "{}",
                     "--priority", "high")
        self.done("clear_policy", "short")
        self.refused(1, "there is no policy 'short'", "clear_policy", "short")
        self.done("set_operator_policy", "cap", "", '{"max-length": 9}')
        self.assertEqual("cap", self.row("name", "short-1", "list_queues", "name",
                                         "operator_policy")["operator_policy"])
        self.assertEqual(["cap"], [row["name"] for row in self.rows("list_operator_policies")])
        self.done("clear_operator_policy", "cap")
        self.assertEqual([], self.rows("list_operator_policies"))


class Definitions(Case):
    def test_go_out_and_come_in(self):
        client = self.client()
        folder = self.enterContext(tempfile.TemporaryDirectory())
        path = os.path.join(folder, "definitions.json")
        self.queue(client, "kept")
        self.done("add_user", "carl", "secret")
        self.addCleanup(self.broker.ctl, "delete_user", "carl")
        self.assertEqual("", self.done("export_definitions", path))
        with open(path) as file:
            exported = json.load(file)
        self.assertEqual([{"name": "kept", "vhost": "/", "durable": False, "auto_delete": False,
                           "arguments": {}}], exported["queues"])
        self.assertEqual(["guest", "carl"], [user["name"] for user in exported["users"]])
        self.assertEqual(exported, json.loads(self.done("export_definitions", "-")))
        with Broker() as other:
            done = other.ctl("import_definitions", path)
            self.assertEqual((0, ""), (done.returncode, done.stderr))
            self.assertEqual(exported, json.loads(other.ctl("export_definitions", "-").stdout))
            self.assertEqual(530, log_in(other.port, "carl", "secret"))
            done = other.ctl("import_definitions", "-", stdin=json.dumps(exported))
            self.assertEqual(0, done.returncode)

    def test_that_are_none(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        path = os.path.join(folder, "wrong.json")
        for text, sentence in (("{", "is no JSON"), ("", "it is empty"), ("[" * 99, "nests too deep"),
                               ("{}", "these are no definitions"),
                               ('{"queues": [{}]}', "queues[0].name: this is missing")):
            with self.subTest(text[:9]):
                with open(path, "w") as file:
                    file.write(text)
                self.refused(1, sentence, "import_definitions", path)
        self.refused(1, "cannot open /nowhere", "import_definitions", "/nowhere")
        self.refused(1, "cannot write /nowhere/at/all", "export_definitions", "/nowhere/at/all")

    def test_may_be_what_a_broker_begins_with(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        users = os.path.join(folder, "users.json")
        config = os.path.join(folder, "glassmq.conf")
        self.done("add_user", "dora", "secret")
        self.done("set_permissions", "dora", ".*", ".*", ".*")
        self.done("export_definitions", users)
        self.done("delete_user", "dora")
        with open(config, "w") as file:
            file.write(f"[listeners]\namqp = 127.0.0.1:0\n[users]\nfile = {users}\n")
        with Broker("--config", config) as broker:
            self.assertEqual("open", log_in(broker.port, "dora", "secret"))
            self.assertEqual("open", log_in(broker.port, "guest", "guest"))
        with open(users, "w") as file:
            file.write('{"users": [{"name": "eve", "password": "x", "tags": "administrator"}]}')
        with Broker("--config", config) as broker:
            self.assertEqual("refused", log_in(broker.port, "guest", "guest"))
            self.assertEqual(530, log_in(broker.port, "eve", "x"))
        with open(users, "w") as file:
            file.write('{"users": [{"nam": "eve"}]}')
        done = subprocess.run([PROGRAM, "serve", "--config", config], capture_output=True, text=True,
                              timeout=30, env=self.broker.environment | {"XDG_STATE_HOME": folder})
        self.assertEqual((1, "", f"glassmq serve: {users}: users[0].name: this is missing.\n"),
                         (done.returncode, done.stdout, done.stderr))

    def test_default_user_and_virtual_host(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        config = os.path.join(folder, "glassmq.conf")
        with open(config, "w") as file:
            file.write("[listeners]\namqp = 127.0.0.1:0\n[users]\ndefault-vhost = prod\n"
                       "default-user = root\ndefault-password = pw\n")
        with Broker("--config", config) as broker:
            self.assertEqual("open", log_in(broker.port, "root", "pw", "prod"))
            self.assertEqual(530, log_in(broker.port, "root", "pw", "/"))
            self.assertEqual("refused", log_in(broker.port, "guest", "guest", "prod"))
            self.assertIn("root", broker.ctl("list_permissions").stdout)


class WrongUse(Case):
    def test_names_what_was_meant(self):
        self.refused(2, "there is no command list_queus. Did you mean list_queues?", "list_queus")
        self.refused(2, "has no column nam. Did you mean name?", "list_queues", "nam")
        self.refused(2, "there is no command sing.", "sing")

    def test_counts_arguments(self):
        self.refused(2, "COMMAND [ARGUMENT...] is missing")
        self.refused(2, "purge_queue takes QUEUE", "purge_queue")
        self.refused(2, "purge_queue takes QUEUE", "purge_queue", "a", "b")
        self.refused(2, "status takes no arguments", "status", "now")

    def test_knows_which_option_a_command_takes(self):
        self.refused(2, "list_vhosts has no option --vhost", "list_vhosts", "-p", "/")
        self.refused(2, "purge_queue has no option --if-empty", "purge_queue", "q", "--if-empty")
        self.refused(2, "--format takes table or json", "status", "--format", "xml")

    def test_a_dash_is_an_underscore(self):
        self.assertEqual(self.done("list_vhosts"), self.done("list-vhosts"))

    def test_a_virtual_host_that_is_not_there(self):
        self.refused(1, "there is no virtual host 'x'", "list_queues", "-p", "x")

    def test_help_names_every_command_and_column(self):
        text = ctl("--help").stdout
        for word in ("list_queues [COLUMN...]", "purge_queue QUEUE", "messages_unacknowledged"):
            self.assertIn(word, text)


class Directory(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def serve(self, *options):
        return subprocess.run([PROGRAM, "serve", "--listen", "127.0.0.1:0", *options],
                              capture_output=True, text=True, timeout=30)

    def test_is_its_owners_alone(self):
        old = os.umask(0)
        self.addCleanup(os.umask, old)
        with Broker("--listen", "127.0.0.1:0", "--data", self.path("a", "b")):
            self.assertEqual(0o700, stat.S_IMODE(os.stat(self.path("a", "b")).st_mode))
            mode = os.stat(self.path("a", "b", "control")).st_mode
            self.assertTrue(stat.S_ISSOCK(mode))
            self.assertEqual(0o600, stat.S_IMODE(mode))
        self.assertFalse(os.path.exists(self.path("a", "b", "control")))

    def test_belongs_to_one_broker(self):
        with Broker("--listen", "127.0.0.1:0", "--data", self.folder) as broker:
            done = self.serve("--data", self.folder)
            self.assertEqual((1, ""), (done.returncode, done.stdout))
            self.assertIn(f"another broker (process {broker.pid}) uses the data directory "
                          f"{self.folder}", done.stderr)
            self.assertEqual(0, ctl("--data", self.folder, "status").returncode)

    def test_of_a_broker_that_was_killed_is_free(self):
        first = Broker("--listen", "127.0.0.1:0", "--data", self.folder)
        first.kill()
        self.assertTrue(os.path.exists(self.path("control")))
        done = ctl("--data", self.folder, "status")
        self.assertEqual(1, done.returncode)
        self.assertIn("no broker runs with the data directory", done.stderr)
        with Broker("--listen", "127.0.0.1:0", "--data", self.folder) as second:
            self.assertIn(str(second.pid), ctl("--data", self.folder, "status").stdout)

    def test_that_is_not_there(self):
        done = ctl("--data", self.path("none"), "status")
        self.assertEqual((1, ""), (done.returncode, done.stdout))
        self.assertIn(f"start one with glassmq serve --data {self.path('none')}", done.stderr)

    def test_that_cannot_be_one(self):
        with open(self.path("file"), "w"):
            pass
        done = self.serve("--data", self.path("file"))
        self.assertEqual(1, done.returncode)
        self.assertIn("cannot make the data directory", done.stderr)
        self.assertIn("--data none", done.stderr)
        done = ctl("--data", self.path("file"), "status")
        self.assertEqual(1, done.returncode)

    def test_whose_path_is_too_long_for_a_socket(self):
        done = self.serve("--data", self.path("x" * 100))
        self.assertEqual(1, done.returncode)
        self.assertRegex(done.stderr, r"is too long: it has \d+ bytes, and 107 are the most")

    def test_may_be_none(self):
        with Broker("--listen", "127.0.0.1:0", "--data", "none") as broker:
            self.assertIn("no data directory for glassmq ctl", broker.ready_line)
            self.assertFalse(os.path.exists(broker.data))


class Guest:
    """Somebody on the socket who writes the bytes himself."""

    def __init__(self, broker):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        self.socket.connect(os.path.join(broker.data, "control"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def say(self, data):
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def answer(self):
        """The next line as JSON; None at the end."""
        line = b""
        while not line.endswith(b"\n"):
            try:
                data = self.socket.recv(1)
            except ConnectionResetError:
                data = b""
            if not data:
                return None
            line += data
        return json.loads(line)


class Socket(Case):
    def assert_lives(self):
        client = self.client()
        client.call(declare("alive"), 50, 11)
        self.assertEqual(0, self.broker.ctl("status").returncode)

    def test_garbage_gets_an_answer(self):
        for line in (b"", b"hello", b"\x00\xff\xfe", b"[]", b"{}", b'{"command": 3}', b"{" * 100000,
                     b'{"command": "sing"}', b'{"command": "status", "song": 1}',
                     b'{"command": "status", "arguments": "x"}',
                     b'{"command": "status", "arguments": [1]}',
                     b'{"command": "purge_queue"}', b'{"command": "status", "columns": ["name"]}',
                     b'{"command": "list_queues", "columns": ["nam"]}',
                     b'{"command": "list_queues", "vhost": 1}',
                     b'{"command": "delete_queue", "arguments": ["q"], "if_empty": "yes"}'):
            with self.subTest(line[:40]), Guest(self.broker) as guest:
                guest.say(line + b"\n")
                answer = guest.answer()
                self.assertEqual((False, True), (answer["ok"], answer["wrong"]))
                self.assertTrue(answer["error"])
                guest.say(b'{"command": "status"}\n')
                self.assertTrue(guest.answer()["ok"])
        self.assert_lives()

    def test_requests_may_follow_each_other(self):
        with Guest(self.broker) as guest:
            guest.say(b'{"command": "list_vhosts"}\n' * 3)
            for _ in range(3):
                self.assertEqual({"row": {"name": "/"}}, guest.answer())
                self.assertEqual({"ok": True}, guest.answer())

    def test_a_request_may_come_byte_by_byte(self):
        with Guest(self.broker) as guest:
            for byte in b'{"command": "list_vhosts"}\n':
                guest.say(bytes([byte]))
            self.assertEqual({"row": {"name": "/"}}, guest.answer())

    def test_silent_ones_hold_nobody_up(self):
        guests = [Guest(self.broker) for _ in range(50)]
        self.assert_lives()
        self.assertIsNone(guests[0].answer())
        for guest in guests:
            guest.socket.close()

    def test_one_who_does_not_read_holds_nobody_up(self):
        client = self.client()
        for n in range(500):
            client.call(declare(f"unread-{n}"), 50, 11)
        with Guest(self.broker) as guest:
            guest.socket.setblocking(False)
            try:
                while True:
                    guest.socket.send(b'{"command": "list_queues"}\n' * 100)
            except BlockingIOError:
                pass
            before = self.broker.cpu_s()
            self.assert_lives()
            time.sleep(0.5)
            self.assertLess(self.broker.cpu_s() - before, 0.4)
            self.assertLess(self.broker.rss_kib(), 200000)
        for n in range(500):
            client.call(delete(f"unread-{n}"), 50, 41)

    def test_one_who_leaves_in_the_middle(self):
        for _ in range(20):
            with Guest(self.broker) as guest:
                guest.say(b'{"command": "list_exchanges"}\n{"comma')
        self.assert_lives()

    def test_a_stop_does_not_wait_for_it(self):
        with Broker() as broker, Guest(broker) as guest:
            broker.signal(signal.SIGTERM)
            self.assertEqual(0, broker.wait(5))
            self.assertIsNone(guest.answer())


if __name__ == "__main__":
    tap.main()
