/* util.js - small things that all other files use. */

const $ = (id) => document.getElementById(id);

/* A new element with classes and text; text is never read as HTML. */
function make(tag, classes, text) {
    const element = document.createElement(tag);

    if (classes)
        element.className = classes;
    if (text !== undefined)
        element.textContent = text;
    return element;
}

const SVG = "http://www.w3.org/2000/svg";

function makeSvg(tag, attributes) {
    const element = document.createElementNS(SVG, tag);

    for (const name in attributes)
        element.setAttribute(name, attributes[name]);
    return element;
}

const clamp = (number, least, most) => Math.min(Math.max(number, least), most);

/* "1.470 s" of nanoseconds. */
const timeText = (ns) => (Math.floor(ns / 1e6) / 1000).toFixed(3) + " s";

const wantsStillness = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/* What the reader chose is kept where the browser allows it; some do not for files. */
function remember(name, value) {
    try {
        localStorage.setItem("glassmq-" + name, value);
    } catch (error) {
        /* then it is forgotten with the page */
    }
}

function recall(name) {
    try {
        return localStorage.getItem("glassmq-" + name);
    } catch (error) {
        return null;
    }
}
