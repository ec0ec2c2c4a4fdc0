"""The page of "glassmq html" in a real browser, from the disk: it asks no network, steps, plays, is
led by pointer and keyboard, fits a telephone, and says what it shows to those who cannot see it."""

import json
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import tap
from browser import ELEMENT, Browser

PROGRAM = next((word for word in sys.argv[1:] if not word.startswith("test_")), "build/glassmq")
SCENARIOS = sorted((Path(__file__).resolve().parents[2] / "scenarios").glob("*.yaml"))
DIES = "06-worker-dies"
STAGE = "return document.getElementById('stage').innerHTML"
WICKED = "</script><b id='out'>\"&'\u05e9\u05dc\u05d5\u05dd \U0001f43f <!--"
LONG = """\
glassmq: 1
title: A long run
seed: 1
stop: 100s
topology:
  queues: {long: {}}
clients:
  p:
    role: producer
    publish: {to: default, key: long, every: 10ms, count: %d}
  c: {role: consumer, from: long, ack: manual, prefetch: 5, work: 1ms}
"""

browser = None
folder = None


def setUpModule():
    global browser, folder
    folder = tempfile.TemporaryDirectory()
    browser = Browser()


def tearDownModule():
    browser.end()
    folder.cleanup()


def run_program(*words):
    return subprocess.run([PROGRAM, *map(str, words)], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60)


def make(source, *options):
    page = Path(folder.name) / f"{Path(source).stem}.html"
    done = run_program("html", source, "-o", page, *options)
    assert done.returncode == 0, done.stderr
    return page


def make_scenario(name, text):
    path = Path(folder.name) / f"{name}.yaml"
    path.write_text(text)
    return path


def scenario(name):
    return next(path for path in SCENARIOS if path.stem == name)


def go_to(event):
    browser.run("location.hash = arguments[0]", str(event))
    browser.wait("return document.getElementById('bar').getAttribute('aria-valuenow')"
                 " === arguments[0]", str(event))


def event_now():
    return int(browser.run("return document.getElementById('bar').getAttribute('aria-valuenow')"))


def luminance(selector):
    colour = browser.run("return getComputedStyle(document.querySelector(arguments[0]))"
                         ".backgroundColor", selector)
    return sum(map(int, re.findall(r"\d+", colour)[:3])) / 3


class Page(unittest.TestCase):
    def tearDown(self):
        """Nothing may go wrong silently."""
        self.assertEqual([], [line["message"] for line in browser.logs("browser")])

    def open(self, name=DIES, **wishes):
        browser.open(make(scenario(name)), **wishes)

    # ---- the page itself ----

    def test_opens_from_the_disk_and_asks_no_network(self):
        browser.logs("performance")
        self.open()
        browser.press(" ", ".", "?", "Escape")
        asked = [json.loads(line["message"])["message"] for line in browser.logs("performance")]
        urls = {message["params"]["request"]["url"] for message in asked
                if message["method"] == "Network.requestWillBeSent"}
        self.assertTrue(urls)
        self.assertEqual([], [url for url in urls if not url.startswith("file://")])

    def test_shows_every_scenario(self):
        for path in SCENARIOS:
            with self.subTest(path.stem):
                browser.open(make(path))
                shown = browser.run("""
                    document.getElementById("last").click();
                    return [document.getElementById("tell").textContent,
                            document.querySelectorAll(".box").length]""")
                self.assertTrue(all(shown), shown)

    def test_shows_wicked_names_as_they_are(self):
        name = json.dumps(WICKED, ensure_ascii=False)
        long_name = "long." * 51
        path = make_scenario("wicked", f"""\
glassmq: 1
title: {name}
seed: 1
stop: 1s
topology:
  queues: {{{name}: {{}}, {long_name}: {{}}}}
clients:
  p: {{role: producer, publish: {{to: default, key: {name}, body: {name}, every: 10ms, count: 2}}}}
""")
        browser.open(make(path))
        browser.press("G")
        self.assertEqual(WICKED, browser.text("#title"))
        names = browser.run("return [...document.querySelectorAll('.box .name')]"
                            ".map((name) => name.textContent)")
        self.assertIn(WICKED, names)
        self.assertIn(long_name, names)
        self.assertEqual([], browser.find_all("#out"))

    def test_is_refused_for_too_long_a_run_with_a_way_out(self):
        path = make_scenario("too-long", LONG % 2600)
        done = run_program("html", path, "-o", Path(folder.name) / "none.html")
        self.assertEqual(2, done.returncode)
        self.assertIn("--from 1 --to 20000", done.stderr)
        self.assertFalse((Path(folder.name) / "none.html").exists())
        browser.open(make(path, "--from", "300", "--to", "20000"))
        self.assertEqual(299, event_now())
        browser.press("G")
        self.assertEqual(20000, event_now())

    def test_is_quick_in_a_long_run(self):
        path = make_scenario("long", LONG % 2000)
        browser.open(make(path))
        browser.press("G")
        last = event_now()
        self.assertGreater(last, 15000)
        self.assertLess(len(browser.find_all(".row")), 80)
        usual = browser.run("""
            const key = (key) => {
                const before = performance.now();
                document.body.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
                return performance.now() - before;
            };
            return Array.from({length: 20}, () => key(",")).sort((a, b) => a - b)[10];""")
        self.assertEqual(last - 20, event_now())
        self.assertLess(usual, 50 * 2, "ms for a step back; a busy machine gets twice as many")

    # ---- time ----

    def test_stands_at_the_same_picture_however_one_came_there(self):
        for name in (DIES, "14-retry-loop", "38-online-shop"):
            self.open(name)
            browser.press("G")
            last = event_now()
            for event in range(7, last, last // 4):
                go_to(event)
                there = browser.run(STAGE) + browser.text("#story")
                browser.press(*"." * 7)
                self.assertEqual(min(event + 7, last), event_now())
                browser.press("G")
                go_to(event + 3)
                browser.press(*"," * 3)
                self.assertEqual(event, event_now())
                self.assertEqual(there, browser.run(STAGE) + browser.text("#story"))

    def test_counts_what_the_terminal_counts(self):
        self.open()
        for event in (0, 33, 60, 90, 120, 174):
            screen = run_program("view", scenario(DIES), "--render", "100x30", "--at", event).stdout
            seen = {word: int(count) for word, count in
                    re.findall(r"(ready|unacked|acked|redelivered|sent) +(\d+)", screen)}
            go_to(event)
            shown = browser.run("""
                const found = {};
                for (const row of document.querySelectorAll(".queue .list"))
                    found[row.querySelector(".word").textContent] = row.querySelector("b").textContent;
                for (const row of document.querySelectorAll(".queue .counts div, .producer .counts div"))
                    found[row.firstChild.textContent] = row.lastChild.textContent;
                return found;""")
            for word in set(seen) & {"ready", "unacked", "acked", "sent"}:
                self.assertEqual(seen[word], int(shown[word]), f"{word} at event {event}")

    def test_plays_and_pauses(self):
        self.open("01-hello-queue")
        browser.press("g", "+", "+", "+")
        browser.click("#play")
        self.assertEqual("Pause", browser.label(browser.find("#play")))
        browser.wait("return document.getElementById('bar').getAttribute('aria-valuenow') > 5")
        browser.press(" ")  # the button has the focus: it is pressed once, not twice
        self.assertEqual("Play", browser.label(browser.find("#play")))
        stood = event_now()
        browser.run("return new Promise((done) => setTimeout(done, 300))")
        self.assertEqual(stood, event_now())

    def test_stops_where_the_scenario_pauses_and_asks(self):
        self.open()
        browser.run("document.getElementById('speed').value = 7;"
                    "document.getElementById('speed').dispatchEvent(new Event('change'))")
        go_to(80)
        browser.press(" ")
        browser.wait("return !document.body.classList.contains('playing')")
        self.assertEqual(92, event_now())
        self.assertIn("Who gets message 5 now?", browser.text("#question"))

    def test_slides_along_the_time(self):
        self.open()
        box = browser.run("const b = document.querySelector('#bar .track').getBoundingClientRect();"
                          "return [b.left, b.top, b.width, b.height]")
        middle = box[1] + box[3] / 2
        browser.drag((box[0] + 5, middle), (box[0] + box[2] / 4, middle),
                     (box[0] + box[2] / 2, middle))
        seconds = float(browser.text("#time").split()[0])
        last = browser.run("const e = JSON.parse(document.getElementById('run').textContent).events;"
                           "return e.time.reduce((a, b) => a + b, 0) / 1e9")
        self.assertAlmostEqual(last / 2, seconds, delta=last / 8)
        self.assertEqual(browser.run("return document.getElementById('goto').value"),
                         str(event_now()))

    # ---- keys ----

    def test_knows_the_keys_of_the_terminal(self):
        self.open()
        browser.press("g")
        self.assertEqual(0, event_now())
        for keys, event in ((".", 1), ("...", 4), (",", 3), ("G", 174), ("g", 0), (["End"], 174),
                            (["Home"], 0), (["Right"], 1), (["Left"], 0)):
            browser.press(*keys)
            self.assertEqual(event, event_now(), keys)
        go_to(85)
        browser.press("n")
        self.assertEqual(92, event_now())
        browser.press("N")
        self.assertLess(event_now(), 92)
        go_to(90)
        browser.press("c")
        self.assertEqual(89, event_now(), "the cause of event 90")
        browser.press(">")
        self.assertEqual(90, event_now())
        browser.press("<")
        self.assertEqual(89, event_now())
        browser.press("t", *"1.4s", "Enter")
        self.assertIn("1.400 s", browser.text("#time"))
        browser.press("+")
        self.assertEqual("4", browser.run("return document.getElementById('speed').value"))
        browser.press("-", "-")
        self.assertEqual("2", browser.run("return document.getElementById('speed').value"))
        browser.press("b")
        self.assertIn("No check is broken", browser.run(
            "return document.getElementById('say').textContent"))
        browser.press("?")
        self.assertTrue(browser.run("return document.getElementById('manual').open"))
        browser.press("Escape")
        self.assertFalse(browser.run("return document.getElementById('manual').open"))

    def test_follows_a_message(self):
        self.open()
        go_to(90)
        browser.click(".queue .pill.again")
        self.assertRegex(browser.text("#found"), r"\d+ of 174 events")
        rows = browser.run("return [...document.querySelectorAll('.row .what')]"
                           ".map((row) => row.textContent)")
        self.assertTrue(rows)
        self.assertTrue(all("p1-5" in row or row == "confirm 5" for row in rows), rows)
        self.assertTrue(browser.find_all(".pill.followed"))
        browser.press("m")
        self.assertEqual("", browser.text("#found"))
        browser.press("m")
        self.assertNotEqual("", browser.text("#found"))
        browser.press("Escape")
        self.assertEqual("", browser.text("#found"))

    def test_searches_the_events(self):
        self.open()
        browser.press("/", *"requeue")
        self.assertRegex(browser.text("#found"), r"^\d+ of 174")
        browser.press("Enter")
        self.assertIn("requeue", browser.text(".row.now .what"))
        browser.press("Escape")
        self.assertEqual("", browser.text("#found"))

    def test_goes_from_one_kept_event_to_the_next(self):
        words = "kind:deliver,ack,fault.crash !\"</script><b id='out'>\""
        page = make(scenario(DIES), "--filter", words)
        browser.open(page)
        kept = browser.run("return JSON.parse(document.getElementById('run').textContent)"
                           ".filter.kept")
        self.assertEqual(f"{len(kept)} of 174 events, filter: {words}", browser.text("#filter"))
        self.assertEqual([], browser.find_all("#out"))
        browser.press("g", ".")
        self.assertEqual(kept[0], event_now())
        browser.press(".", ".", ",")
        self.assertEqual(kept[1], event_now())
        self.assertTrue(set(map(int, browser.run(
            "return [...document.querySelectorAll('.row')].map((row) => row.dataset.event)")))
            <= set(kept))
        self.assertEqual(1, len(browser.find_all(".mark")), "the crash, and no caption")
        browser.press("/", *"p1-5", "Enter")
        self.assertRegex(browser.text("#found"), rf"^\d+ of {len(kept)} events$")
        browser.press("Escape", "G", ",")
        self.assertEqual(kept[-1], event_now())
        at_last = browser.run(STAGE)
        seen = browser.text("#stage")
        go_to(kept[-1] - 1)
        self.assertIn("left out by the filter", browser.text("#where"))
        self.assertEqual([], browser.find_all("path.hot"))
        browser.press(".")
        self.assertEqual(at_last, browser.run(STAGE))
        browser.open(make(scenario(DIES)))
        go_to(kept[-1])
        self.assertEqual(seen, browser.text("#stage"), "as without a filter")
        self.assertEqual("", browser.text("#filter"))

    def test_asks_and_keeps_the_answer(self):
        self.open()
        go_to(92)
        browser.press("p", "Enter")
        self.assertIn("You said: w1", browser.text("#question"))
        self.assertNotIn("Right", browser.text("#question"))
        go_to(174)
        self.assertIn("It is: w2", browser.text("#question"))

    # ---- everybody ----

    def test_fits_a_telephone(self):
        for name in (DIES, "14-retry-loop", "18-retry-backoff"):
            self.open(name, width=360, height=740)
            wide = browser.run("""
                return [...document.querySelectorAll("header *, main > *, #story *, footer *")]
                    .filter((e) => e.checkVisibility() && !e.closest(".unseen")
                            && e.getBoundingClientRect().right > innerWidth + 1)
                    .map((e) => e.id || e.className || e.tagName)""")
            self.assertEqual([], wide)
            self.assertEqual(360, browser.run("return document.documentElement.scrollWidth"))
            small = browser.run("""
                return [...document.querySelectorAll("button, select, input, summary, #bar")]
                    .filter((e) => e.checkVisibility())
                    .filter((e) => e.getBoundingClientRect().height < 44
                            || e.getBoundingClientRect().width < 44)
                    .map((e) => e.id || e.textContent)""")
            self.assertEqual([], small)

    def test_is_light_and_dark(self):
        self.open(dark=True)
        self.assertLess(luminance("body"), 60)
        browser.click("#theme")
        self.assertGreater(luminance("body"), 200)
        browser.run("localStorage.clear()")
        self.open(dark=False)
        self.assertGreater(luminance("body"), 200)

    def test_prints_dark_on_light(self):
        self.open(dark=True)
        browser.run("dispatchEvent(new Event('beforeprint'))")
        self.assertGreater(luminance("body"), 200)
        self.assertIn("tasks, queue, durable", browser.text("#words-of-picture"))
        browser.run("dispatchEvent(new Event('afterprint'))")
        self.assertLess(luminance("body"), 60)

    def test_holds_still_for_those_who_want_that(self):
        self.open(still=True)
        go_to(40)
        browser.press(".")
        at_once = browser.run(STAGE)
        browser.run("return new Promise((done) => setTimeout(done, 600))")
        self.assertEqual(at_once, browser.run(STAGE))

    def test_moves_messages_along_their_lines(self):
        self.open(still=False)
        browser.press("g")
        last = 174
        moved = 0
        for _ in range(40):
            browser.press(".")
            if browser.find_all(".moving .pill") and event_now() < last:
                first = browser.run(STAGE)
                browser.run("return new Promise((done) => setTimeout(done, 520))")
                moved += first != browser.run(STAGE)
            if moved > 2:
                break
        self.assertGreater(moved, 2)

    def test_has_a_name_for_every_control(self):
        self.open()
        go_to(92)
        for element in browser.find_all("button, select, input, [role]"):
            if browser.run("return arguments[0].checkVisibility()",
                           {ELEMENT: element}):
                if browser.role(element) not in ("status", "option", "group"):
                    self.assertTrue(browser.label(element).strip(), element)
        self.assertEqual("slider", browser.role(browser.find("#bar")))
        self.assertEqual("listbox", browser.role(browser.find("#events")))

    def test_says_each_step(self):
        self.open()
        spoken = []
        for event in (40, 90):
            go_to(event)
            spoken.append(browser.run("return document.getElementById('say').textContent"))
        self.assertIn("head of the queue", spoken[1])
        self.assertNotEqual(spoken[0], spoken[1])
        self.assertEqual("polite", browser.run(
            "return document.getElementById('say').getAttribute('aria-live')"))
        go_to(90)
        box = browser.label(browser.find(".box.queue"))
        self.assertIn("ready 2 (5 redelivered, 6)", box)
        browser.click("#twin summary")  # which tells the page of it in a later turn
        browser.wait("return document.getElementById('words-of-picture').innerText")
        self.assertIn("ready 2 (5 redelivered, 6)", browser.text("#words-of-picture"))
        self.assertIn("On the way from p1 to (default): 7.", browser.text("#words-of-picture"))


if __name__ == "__main__":
    tap.main()
