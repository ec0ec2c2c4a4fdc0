"""All that the program says to a person is there in Korean too."""

import re
import shutil
import sys

from tidy import ROOT, Report, read, run, skip_all

CATALOG = "sim/po/ko.po"
UPDATE = ROOT / "sim/po/update.py"

if shutil.which("xgettext") is None:
    skip_all("xgettext is not installed (Debian: gettext)")

checked = run(["msgfmt", "--check-format", "-o", "/dev/null", ROOT / CATALOG])
missing = run([sys.executable, "-B", UPDATE, "--check"])

report = Report()
report.rule("Korean texts have the same places for values as the English ones",
            [checked.stdout] if checked.returncode != 0 else [],
            "keep each %s; where the order differs, write %2$s and %1$s")
report.rule("every text of the program has a Korean one, and no old one is left",
            [missing.stdout] if missing.returncode != 0 else [],
            "run python3 sim/po/update.py, and translate what it added to sim/po/ko.po")
report.rule("no Korean text is unsure",
            ["fuzzy"] if re.search(r"^#,.*\bfuzzy\b", read(CATALOG), re.MULTILINE) else [],
            "look at the texts marked fuzzy, mend them, and take the mark away")
report.finish()
