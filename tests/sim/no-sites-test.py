"""Sites and bugs of the core (core/base/site.def) are for tests alone: nothing of them is in the
program. The first argument is the program glassmq, the second the one that has them."""

import re
import sys
import unittest
from pathlib import Path

import tap

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "core/base/site.def").read_text()
NAMES = re.findall(r'^(?:SITE|BUG)\(\w+, "([^"]+)"', TABLE, re.MULTILINE)


class Sites(unittest.TestCase):
    def found(self, program):
        content = Path(program).read_bytes()
        return [name for name in NAMES if name.encode() in content]

    def test_the_program_has_none(self):
        self.assertEqual([], self.found(sys.argv[1]))

    def test_the_one_for_tests_has_all(self):
        self.assertLess(30, len(NAMES))
        self.assertEqual(NAMES, self.found(sys.argv[2]))


if __name__ == "__main__":
    tap.main()
