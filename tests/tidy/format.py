"""Layout of C and C++ is what clang-format makes of it."""

import shutil

from tidy import ROOT, Report, run, skip_all, sources

VERSION = "14"  # others break some lines differently

if shutil.which("clang-format") is None:
    skip_all("clang-format is not installed (./glassmq test --all installs it)")
found = run(["clang-format", "--version"]).stdout.strip()
if f"version {VERSION}." not in found:
    skip_all(f"the layout is that of clang-format {VERSION}, and this is {found}")

report = Report()
checked = run(["clang-format", "--style=file", "--dry-run", "-Werror", *sources()], cwd=ROOT)
places = [line for line in checked.stdout.split("\n") if ": error:" in line]
report.rule("sources are laid out by clang-format",
            places or ([checked.stdout] if checked.returncode != 0 else []),
            "run clang-format -i on these files")
report.finish()
