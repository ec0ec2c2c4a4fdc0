"""Layout of C and C++ is what clang-format makes of it."""

from tidy import ROOT, Report, need_clang_tool, run, sources

need_clang_tool("clang-format")
report = Report()
checked = run(["clang-format", "--style=file", "--dry-run", "-Werror", *sources()], cwd=ROOT)
places = [line for line in checked.stdout.split("\n") if ": error:" in line]
report.rule("sources are laid out by clang-format",
            places or ([checked.stdout] if checked.returncode != 0 else []),
            "run clang-format -i on these files")
report.finish()
