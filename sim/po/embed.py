"""Writes catalogs.c: catalogs of msgfmt as bytes in C.

    embed.py OUT KO.mo...

The bytes of ko.mo are called gmq_catalog_ko."""

import sys
from pathlib import Path

BYTES_IN_A_LINE = 24


def array(path):
    data = path.read_bytes()
    lines = [", ".join(str(byte) for byte in data[at:at + BYTES_IN_A_LINE])
             for at in range(0, len(data), BYTES_IN_A_LINE)]
    name = f"gmq_catalog_{path.stem}"
    return (f"const unsigned char {name}[] = {{\n    " + ",\n    ".join(lines) + ",\n};\n"
            f"const size_t {name}_bytes = sizeof {name};\n")


out, *catalogs = (Path(word) for word in sys.argv[1:])
out.write_text('#include "sim/po/catalogs.h"\n\n' + "\n".join(array(path) for path in catalogs))
