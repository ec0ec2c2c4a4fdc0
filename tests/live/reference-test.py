"""The same conversations with RabbitMQ and with "glassmq serve": what one says, the other says.

The conversations stand in reference.txt, which also tells how they are written and where the two
differ, with the reason, and in reference-access.txt. RabbitMQ is started on a port of its own and
ended again. Both begin with the users of users.json."""

import contextlib
import re
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(1, str(HERE.parent / "bench"))

import rabbitmq  # noqa: E402
from broker import Broker  # noqa: E402
from conversation import Conversation, read_conversations  # noqa: E402

REFERENCE = "3.10."
CONVERSATIONS = "reference.txt", "reference-access.txt"
USERS = HERE / "users.json"

# How long nobody must have said anything until the next step: the first time, and when the answers
# differed, since a busy machine answers late.
PATIENCE_S = {"RabbitMQ": (0.06, 0.8), "GlassMQ": (0.02, 0.3)}


def say(text):
    print(text, flush=True)


def skip_all(reason):
    say(f"1..0 # SKIP {reason}")
    sys.exit(0)


def hold(script, broker, attempt):
    with Conversation(broker.port, PATIENCE_S[broker.name][attempt]) as conversation:
        return conversation.hold(script)


def codes_only(answer):
    """Without the words behind the codes of a close."""
    return re.sub(r"((?:channel|connection)\.close \d+ \S+) .*", r"\1", answer)


def compare(script, theirs, ours):
    """Lines that tell where the two differ; none when they agree as far as the script asks."""
    told = []
    for step, (words, their_answers, our_answers) in enumerate(zip(script.steps, theirs, ours), 1):
        if script.wording:
            their_answers = [codes_only(each) for each in their_answers]
            our_answers = [codes_only(each) for each in our_answers]
        if their_answers != our_answers:
            told.append(f"step {step}: {words}")
            told += [f"  RabbitMQ: {each}" for each in their_answers or ["(nothing)"]]
            told += [f"  GlassMQ:  {each}" for each in our_answers or ["(nothing)"]]
    return told


def judge(script, reference, broker):
    """(whether it is as it should be, what to tell about it)."""
    for attempt in range(2):
        with ThreadPoolExecutor() as pool:
            both = pool.map(lambda each: hold(script, each, attempt), (reference, broker))
            told = compare(script, *both)
        if bool(told) == bool(script.difference):
            return True, told
    if told:
        return False, told
    return False, [f"there is no difference any more; it was: {script.difference}"]


def is_reference(port):
    """Whether the server says that it is of the version that the rules are taken from."""
    with Conversation(port, PATIENCE_S["RabbitMQ"][1]) as conversation:
        return f"version:S'{REFERENCE}" in conversation.greeting()


def import_users(broker):
    told = broker.ctl("import_definitions", str(USERS))
    if told.returncode != 0:
        raise RuntimeError(told.stderr)


def run(scripts, reference, broker):
    say(f"1..{len(scripts)}")
    for number, script in enumerate(scripts, 1):
        try:
            is_right, told = judge(script, reference, broker)
        except (OSError, ValueError) as error:
            is_right, told = False, [f"{type(error).__name__}: {error}"]
        say(f"{'ok' if is_right else 'not ok'} {number} - {script.title}")
        if script.difference:
            say(f"# differs: {script.difference}")
        if not is_right:
            for line in told:
                say(f"# {line}")


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is ended
    wanted = sys.argv[2:]  # words of titles, for those who look for one conversation
    scripts = [script for name in CONVERSATIONS for script in read_conversations(HERE / name)
               if not wanted or any(word in script.title for word in wanted)]
    if not rabbitmq.is_installed():
        skip_all("rabbitmq-server is not installed (./glassmq test --all installs it)")
    with contextlib.ExitStack() as stack:
        reference = stack.enter_context(rabbitmq.running(USERS))
        if not is_reference(reference.port):
            skip_all(f"the rabbitmq-server that is installed is no {REFERENCE}x")
        broker = stack.enter_context(Broker())
        import_users(broker)
        run(scripts, reference, broker)


if __name__ == "__main__":
    main()
