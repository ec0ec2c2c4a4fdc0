"""with-broker.py PROGRAM COMMAND [ARGUMENT...]: runs a command beside a broker of its own.

The command finds the broker's port in GLASSMQ_PORT and its URL in GLASSMQ_URL. The exit status is
the command's, or 1 when the broker did not stop as it should."""

import os
import subprocess
import sys

from broker import Broker, die_with_parent


def main():
    with Broker() as broker:
        environment = {**os.environ, "GLASSMQ_PORT": str(broker.port),
                       "GLASSMQ_URL": f"amqp://guest:guest@127.0.0.1:{broker.port}"}
        return subprocess.run(sys.argv[2:], env=environment, stdin=subprocess.DEVNULL,
                              preexec_fn=die_with_parent).returncode


if __name__ == "__main__":
    sys.exit(main())
