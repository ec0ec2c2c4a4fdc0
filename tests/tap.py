"""Runs the unittest cases of a script and answers in the Test Anything Protocol.

A case is named by its method, so "test_serves_two_clients" is told as "serves two clients". A case
that is skipped gives its reason. End a script with: if __name__ == "__main__": tap.main()"""

import sys
import traceback
import unittest


class Answer(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.n = 0

    def point(self, test, word, note=""):
        self.n += 1
        title = test.id().split(".")[-1].removeprefix("test_").replace("_", " ")
        print(f"{word} {self.n} - {title}{note}", flush=True)

    def trouble(self, test, error):
        self.point(test, "not ok")
        for line in "".join(traceback.format_exception(*error)).rstrip().split("\n"):
            print(f"# {line}", flush=True)

    def addSuccess(self, test):
        self.point(test, "ok")

    def addSkip(self, test, reason):
        self.point(test, "ok", f" # SKIP {reason}")

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.trouble(test, error)

    def addError(self, test, error):
        super().addError(test, error)
        self.trouble(test, error)

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error is not None:
            self.trouble(subtest, error)


def main():
    """Words on the command line that begin with test_ choose cases; others are left to the script."""
    loader = unittest.TestLoader()
    chosen = [word for word in sys.argv[1:] if word.startswith("test_")]
    if chosen:
        loader.testNamePatterns = [f"*.{word}" for word in chosen]
    answer = Answer()
    loader.loadTestsFromModule(sys.modules["__main__"]).run(answer)
    print(f"1..{answer.n}")
    sys.exit(0)
