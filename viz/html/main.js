/* main.js - puts the page together. */

function showTheme(theme) {
    if (theme === "light" || theme === "dark")
        document.documentElement.dataset.theme = theme;
}

function isDark() {
    const theme = document.documentElement.dataset.theme;

    return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function startTools() {
    showTheme(recall("theme"));
    $("theme").addEventListener("click", () => {
        showTheme(isDark() ? "light" : "dark");
        remember("theme", document.documentElement.dataset.theme);
    });
    $("turn").addEventListener("click", turnPicture);
    $("smaller").addEventListener("click", () => zoomBy(1 / 1.2));
    $("larger").addEventListener("click", () => zoomBy(1.2));
    $("fit").addEventListener("click", toggleZoom);
    $("twin").addEventListener("toggle", drawWords);
}

function placeInAddress() {
    const found = location.hash.match(/^#([0-9]+)$/);

    return found ? Number(found[1]) : keptAt(data.opening);
}

$("title").textContent = data.title || data.scenario;
$("source").textContent = [data.scenario, "seed " + data.seed,
                           data.from > 1 || data.to < data.length
                               ? "events " + data.from + " to " + data.to + " of " + data.length
                               : data.length + " events",
                           data.hidden > 1 ? data.hidden + " unused queues are not shown"
                               : data.hidden > 0 ? "1 unused queue is not shown" : ""]
    .filter((text) => text !== "").join(" \u00b7 ");
$("source").title = $("source").textContent;
startTools();
startPlayer();
startKeys();
buildPicture();
buildTotals();
fitPicture();
startFilter();
startEvents();
startBar();
show(placeInAddress(), 0);
picture.event = run.now;
new ResizeObserver(() => {
    fitPicture();
    drawEvents();
}).observe($("scroller"));
addEventListener("hashchange", () => stepTo(placeInAddress()));

/* Paper is light, and has the picture in words beside it. */
addEventListener("beforeprint", () => {
    picture.theme = document.documentElement.dataset.theme || "";
    showTheme("light");
    $("twin").open = true;
    drawWords();
});
addEventListener("afterprint", () => {
    document.documentElement.dataset.theme = picture.theme;
});
