"""A RabbitMQ to compare with: started by hand, on loopback, in a folder of its own.

It is never a service: `start` runs the server's own script with a private epmd, node name, data
folder and ports, and leaving the `with` block ends all of them again.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

SCRIPT = "/usr/lib/rabbitmq/bin/rabbitmq-server"
START_S = 90
STOP_S = 30


class RabbitMq:
    """A running server: its port on 127.0.0.1 and the pid of its virtual machine."""

    def __init__(self, port, pid):
        self.name = "RabbitMQ"
        self.port = port
        self.pid = pid


def is_installed():
    return os.path.exists(SCRIPT)


def free_ports(count):
    """Ports of 127.0.0.1 that nobody listens on; all different."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def environment(folder, port, dist_port, epmd_port):
    log = os.path.join(folder, "log")
    return {
        "PATH": os.environ["PATH"],
        "HOME": folder,  # the Erlang cookie is made here
        "LANG": "C.UTF-8",
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(epmd_port),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_CONFIG_FILE": os.path.join(folder, "rabbitmq"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": os.path.join(folder, "plugins"),
        "RABBITMQ_LOG_BASE": log,
        "RABBITMQ_LOGS": os.path.join(log, "server.log"),
        "RABBITMQ_MNESIA_BASE": os.path.join(folder, "data"),
        "RABBITMQ_NODENAME": f"compare-{os.getpid()}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(dist_port),
        "RABBITMQ_PID_FILE": os.path.join(folder, "pid"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        # Runs the virtual machine in place of the script, so that our child is the server itself.
        "RUNNING_UNDER_SYSTEMD": "true",
    }


def speaks_amqp(port):
    """Whether the server on that port answers a protocol header with a frame."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 2) as peer:
        peer.settimeout(2)
        peer.sendall(b"AMQP\0\0\x09\x01")
        return peer.recv(1) == b"\x01"
    return False


def wait_until_ready(server, port, log):
    deadline = time.monotonic() + START_S
    while not speaks_amqp(port):
        if server.poll() is not None or time.monotonic() > deadline:
            with open(log, errors="replace") as text:
                raise RuntimeError("RabbitMQ did not start:\n" + text.read()[-2000:])
        time.sleep(0.2)


def end(server):
    """Asks politely, then ends the whole process group (the server's port programs included)."""
    if server.poll() is None:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(STOP_S)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


@contextlib.contextmanager
def running(definitions=None):
    """A server of its own; with the users and whatever else a file of definitions has."""
    folder = tempfile.mkdtemp(prefix="glassmq-rabbitmq-")
    port, dist_port, epmd_port = free_ports(3)
    env = environment(folder, port, dist_port, epmd_port)
    os.mkdir(os.path.join(folder, "log"))
    if definitions is not None:
        with open(os.path.join(folder, "rabbitmq.conf"), "w") as settings:
            settings.write(f"load_definitions = {definitions}\n")
    log = os.path.join(folder, "log", "start")
    with open(log, "w") as out:
        server = subprocess.Popen(
            [SCRIPT], env=env, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            process_group=0)
    try:
        wait_until_ready(server, port, log)
        yield RabbitMq(port, server.pid)
    finally:
        end(server)
        # epmd is a daemon of its own; this one answers on a port that only this run knows.
        subprocess.run(["epmd", "-kill"], env=env, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, timeout=10, check=False)
        shutil.rmtree(folder, ignore_errors=True)
