"""Brings ko.po up to the texts that stand in the code.

    update.py            adds new texts to ko.po, without a translation, and takes old ones out
    update.py --check    changes nothing; says what is missing, unsure, or no longer in the code
    update.py --list     prints the texts that have no translation yet

A text is what _(), N_(), C_(), NC_() and P_() hold, in any C file outside core/ and tests/, and in the
tables of keys and of what explain says of them."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CATALOG = ROOT / "sim/po/ko.po"
FOLDERS = ("sim", "viz", "lessons")
KEYWORDS = ("_", "N_", "C_:1c,2", "NC_:1c,2", "P_:1,2", "OWNER:3", "PHRASE:4", "RECORDED:2",
            "LISTING:2", "DEED:3", "TASK:3", "gmq_usage_text", "GMQ_USAGE_TEXT",
            "gmq_usage_wrong:2")
OTHERS = ["sim/keys.def", "sim/explain.def", "core/base/options.c",  # whose texts are told too
          "core/base/recording.def", "core/server/cmd-ctl.c", "core/server/cmd-journal.c",
          "core/server/cmd-serve.c", "core/server/command.c"]


def sources():
    found = [path for folder in FOLDERS for path in (ROOT / folder).glob("**/*.c")]
    return sorted(str(path.relative_to(ROOT)) for path in [*found, ROOT / "glassmq.c"]) + OTHERS


def run(*command, **options):
    done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, **options)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return done.stdout


def extract():
    """The texts of the code as a template, with the files that they stand in."""
    keywords = [f"--keyword={word}" for word in KEYWORDS]
    flags = ["--flag=_:1:pass-c-format", "--flag=N_:1:pass-c-format",
             "--flag=P_:1:pass-c-format", "--flag=P_:2:pass-c-format",
             "--flag=C_:2:pass-c-format", "--flag=PHRASE:4:no-c-format"]
    text = run("xgettext", "--from-code=UTF-8", "--language=C", "--keyword", *keywords, *flags,
               "--add-location=file", "--package-name=glassmq", "--output=-", *sources())
    return re.sub(r'"POT-Creation-Date:.*\n', "", text).replace("charset=CHARSET", "charset=UTF-8")


def merge():
    """The catalog as it should be: each text of the code once, with what was translated before."""
    with tempfile.NamedTemporaryFile("w", suffix=".pot") as template:
        template.write(extract())
        template.flush()
        merged = run("msgmerge", "--quiet", "--no-fuzzy-matching", "--sort-by-file", "--width=100",
                     "--add-location=file", "--output-file=-", str(CATALOG), template.name)
    return run("msgattrib", "--no-obsolete", "--width=100", "-", input=merged)


def chosen(catalog, *options):
    """The entries that msgattrib picks, without the head."""
    picked = run("msgattrib", "--width=100", *options, "-", input=catalog)
    return [entry for entry in picked.split("\n\n") if not entry.lstrip().startswith('msgid ""\nmsgstr')
            and "msgid" in entry and '"Project-Id-Version' not in entry]


def unescape(text):
    return "".join(re.findall(r'^(?:msg\w+(?:\[0\])? )?"(.*)"$', text, re.MULTILINE))


def places(text):
    """The fields of an event that a text has a place for, {w} and its like."""
    return sorted(set(re.findall(r"\{[a-z]\}", text)))


def misplaced(catalog):
    """Entries whose Korean text has other fields than the English one; msgfmt looks at %s alone."""
    found = []
    for entry in catalog.split("\n\n"):
        english, _, korean = entry.partition("\nmsgstr")
        korean = unescape("msgstr" + korean)
        if korean and places(unescape(english)) != places(korean):
            found.append(entry)
    return found


def main(word):
    merged = merge()
    if word == "":
        CATALOG.write_text(merged)
    elif word == "--list":
        print("\n\n".join(chosen(merged, "--untranslated")))
    elif word == "--check":
        bad = chosen(merged, "--untranslated") + chosen(merged, "--only-fuzzy") + misplaced(merged)
        print("\n\n".join(bad))
        if not bad and merged != CATALOG.read_text():
            print("ko.po is not as update.py writes it")
            bad = [merged]
        sys.exit(1 if bad else 0)
    else:
        sys.exit(__doc__)


main(sys.argv[1] if len(sys.argv) > 1 else "")
