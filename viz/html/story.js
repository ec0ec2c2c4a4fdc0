/* story.js - what happened, in sentences; the counters; and the questions. */

const story = {
    answers: new Map(), /* by question: what the reader chose */
    shown: null,        /* the question on the screen */
};

/* ---- sentences ---- */

function sentenceAt(n) {
    if (n > run.first)
        return eventAt(n, "tell", "");
    if (data.from > 1)
        return "The page begins behind event " + run.first + " of the run.";
    return data.about || "Nothing has happened yet. Play runs it, Step goes one event on.";
}

/* A pause or a question is told with the caption that it belongs to, and every other event with the
 * last caption below it. */
function drawSentences() {
    const n = run.now;
    const caption = captionAt(n);
    const isStop = hasFlag(n, FLAG.pause | FLAG.ask);
    const text = caption > 0 ? eventAt(caption, "tell", "") : "";

    $("story").classList.toggle("fault", hasFlag(n, FLAG.fault));
    $("story").classList.toggle("says", n === run.first || hasFlag(n, FLAG.caption));
    $("tell").textContent = isStop && text ? text : sentenceAt(n);
    $("caption").textContent = isStop || caption === n ? "" : text;
    $("where").textContent = n === run.first
        ? "Before event " + data.from
        : "Event " + n + " \u00b7 " + timeText(timeAt(n)) + " \u00b7 " +
            data.names[eventAt(n, "who")] + (isKept(n) ? "" : " \u00b7 left out by the filter");
}

/* A screen reader hears each step, but in play only what a reader would stop for. */
function saySentence(isPlaying) {
    if (!isPlaying || hasFlag(run.now, FLAG.fault | FLAG.caption))
        $("say").textContent = (run.now > run.first ? "Event " + run.now + ". " : "") +
            $("tell").textContent;
}

/* ---- counters ---- */

function buildTotals() {
    for (const total of data.totals) {
        const pair = make("div");
        pair.append(make("dt", "", total[0]), make("dd"));
        $("totals").append(pair);
    }
    if (data.verdict) {
        const pair = make("div", "verdict " + data.verdict);
        pair.append(make("dt", "", "verdict"), make("dd", "", data.verdict));
        pair.hidden = true;
        $("totals").append(pair);
    }
}

function drawTotals() {
    data.totals.forEach((total, i) => {
        const pair = $("totals").children[i];
        pair.lastChild.textContent = slot(total);
        pair.classList.toggle("bad", total[0] === "checks broken" && slot(total) > 0);
    });
    if (data.verdict)
        $("totals").lastChild.hidden = run.now < data.length;
}

/* ---- questions ---- */

/* The last question that was asked. Who did not answer it before the story went on sees the answer
 * coming, so it is not asked any more. */
function questionNow() {
    let found = null;

    for (const question of data.questions) {
        if (question.event <= run.now)
            found = question;
    }
    if (found && !story.answers.has(found) && (stopAfter(found.event) || run.last) <= run.now)
        return null;
    return found;
}

function answerQuestion(question, choice) {
    story.answers.set(question, { choice: choice, isTold: false });
    drawQuestion(true);
    $("question").querySelector("button").focus();
}

function buildChoices(question, root) {
    const group = make("div", "choices");

    group.setAttribute("role", "group");
    group.setAttribute("aria-label", question.question);
    for (const choice of question.choices) {
        const button = make("button", "wide", choice);
        button.type = "button";
        button.addEventListener("click", () => answerQuestion(question, choice));
        group.append(button);
    }
    root.append(group);
}

/* The choice is locked in, and the run gives the answer; who cannot wait may ask for it. */
function buildAnswer(question, root) {
    const given = story.answers.get(question);
    const isRight = given.choice === question.answer;

    root.append(make("p", "given", "You said: " + given.choice));
    if (given.isTold || run.now >= run.last) {
        root.append(make("p", isRight ? "right" : "wrong",
                         (isRight ? "\u2713 Right: " : "\u2717 It is: ") + question.answer));
        if (question.because)
            root.append(make("p", "because", question.because));
        return;
    }
    const tell = make("button", "wide", "Tell me now");
    tell.type = "button";
    tell.addEventListener("click", () => {
        given.isTold = true;
        drawQuestion(true);
        $("story").focus();
    });
    root.append(make("p", "because", "Go on: the run shows the answer."), tell);
}

function drawQuestion(isForced) {
    const question = questionNow();
    const root = $("question");
    const state = question && (story.answers.has(question) ? 1 : 0) + (run.now >= run.last ? 2 : 0);

    if (!isForced && story.shown === question && story.state === state)
        return;
    story.shown = question;
    story.state = state;
    root.hidden = question === null;
    $("story").classList.toggle("asks", question !== null);
    root.replaceChildren();
    if (question === null)
        return;
    root.append(make("p", "asked", question.question));
    if (story.answers.has(question))
        buildAnswer(question, root);
    else
        buildChoices(question, root);
    if (!isForced && run.now === question.event)
        root.scrollIntoView({ block: "nearest" });
}

function drawStory(isPlaying) {
    drawSentences();
    drawTotals();
    drawQuestion(false);
    saySentence(isPlaying);
}
