"""phpt.py FOLDER: runs PHP's own kind of tests against the broker at GLASSMQ_PORT.

A .phpt file has sections: a script, what it must print (%s and the like stand for any text), and
maybe settings and a script that says "skip". The lines here are "ok NAME", "not ok NAME" with what
was printed behind "|", and "skip NAME"."""

import os
import re
import subprocess
import sys
from pathlib import Path

CASE_S = 10
PHP = ["php", "-d", "html_errors=0", "-d", "display_errors=1", "-d", "log_errors=0",
       "-d", "error_reporting=32767"]
PATTERNS = {"%s": r"[^\r\n]+", "%S": r"[^\r\n]*", "%a": r"(?s:.+)", "%A": r"(?s:.*)",
            "%w": r"\s*", "%i": r"[+-]?\d+", "%d": r"\d+", "%x": r"[0-9a-fA-F]+",
            "%f": r"[+-]?\.?\d+\.?\d*(?:[Ee][+-]?\d+)?", "%c": r"."}


def sections(text):
    parts = re.split(r"^--([A-Z_]+)--\r?\n", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def pattern(text):
    parts = re.split("(" + "|".join(PATTERNS) + ")", text)
    return "".join(PATTERNS.get(part) or re.escape(part) for part in parts)


def run_script(path, script, settings):
    words = [*PHP, "-d", f"amqp.port={os.environ['GLASSMQ_PORT']}"]
    for line in settings.splitlines():
        words += ["-d", line.strip()] if line.strip() else []
    path.write_text(script)
    try:
        done = subprocess.run([*words, path.name], cwd=path.parent, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=CASE_S)
        return done.stdout.replace("\r\n", "\n").strip()
    except subprocess.TimeoutExpired:
        return f"(nothing more within {CASE_S} seconds)"
    finally:
        path.unlink()


def is_expected(parts, printed):
    if "EXPECT" in parts:
        return printed == parts["EXPECT"].strip()
    return re.fullmatch(pattern(parts["EXPECTF"].strip()), printed) is not None


def main():
    for case in sorted(Path(sys.argv[1]).glob("*.phpt")):
        parts = sections(case.read_text(errors="replace"))
        script = case.with_suffix(".php")
        settings = parts.get("INI", "")
        if "SKIPIF" in parts and "skip" in run_script(script, parts["SKIPIF"], settings)[:9]:
            print("skip", case.stem, flush=True)
            continue
        printed = run_script(script, parts["FILE"], settings)
        is_right = is_expected(parts, printed)
        print("ok" if is_right else "not ok", case.stem, flush=True)
        if not is_right:
            print("| " + printed.replace("\n", "\n| "), flush=True)


if __name__ == "__main__":
    main()
