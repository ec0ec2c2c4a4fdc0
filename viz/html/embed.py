"""Writes html-assets.c: the page, its style and its scripts as texts in C.

    embed.py OUT PAGE.html STYLE.css SCRIPT.js...

The scripts become one, inside of a function, so that they share names with each other only."""

import sys
from pathlib import Path

BYTES_IN_A_LINE = 16


def array(name, text):
    data = text.encode() + b"\0"
    lines = [", ".join(str(byte) for byte in data[at:at + BYTES_IN_A_LINE])
             for at in range(0, len(data), BYTES_IN_A_LINE)]
    return f"const char {name}[] = {{\n    " + ",\n    ".join(lines) + ",\n};\n"


def ascii_only(text):
    """Bytes above 127 would not fit a char where it is signed."""
    return text.encode("ascii", "strict").decode()


out, page, style, *scripts = (Path(word) for word in sys.argv[1:])
script = "\n".join(path.read_text() for path in scripts)
script = f'"use strict";\n(function () {{\n{script}}})();\n'
parts = {
    "gmq_html_template": page.read_text(),
    "gmq_html_style": style.read_text(),
    "gmq_html_script": script,
}
out.write_text('#include "viz/html-assets.h"\n\n' +
               "\n".join(array(name, ascii_only(text)) for name, text in parts.items()))
