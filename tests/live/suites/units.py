"""units.py [-x NAME]... MODULE...: runs unittest cases and says how each ended.

Cases whose name contains a NAME are left out. The lines are "ok NAME", "not ok NAME" and
"skip NAME"; what went wrong is told on stderr."""

import logging
import sys
import unittest


class Answer(unittest.TextTestResult):
    def say(self, word, test):
        print(word, test.id(), file=sys.__stdout__, flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.say("ok", test)

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.say("not ok", test)

    def addError(self, test, error):
        super().addError(test, error)
        self.say("not ok", test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.say("skip", test)


def cases(suite):
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from cases(each)
        else:
            yield each


def main():
    words = sys.argv[1:]
    left_out = []
    while words[:1] == ["-x"]:
        left_out.append(words[1])
        words = words[2:]
    found = unittest.defaultTestLoader.loadTestsFromNames(words)
    wanted = unittest.TestSuite(case for case in cases(found)
                                if not any(name in case.id() for name in left_out))
    # Some modules log every frame; a root logger that has a handler is not configured again.
    logging.getLogger().addHandler(logging.NullHandler())
    logging.disable(logging.CRITICAL)
    unittest.TextTestRunner(resultclass=Answer).run(wanted)


if __name__ == "__main__":
    main()
