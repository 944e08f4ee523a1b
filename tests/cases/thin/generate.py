#!/usr/bin/env python3
"""Writes catalogue.csv and expected.json of this case: python3 generate.py (no packages; by hand, when the case changes).

expected.json is made from the CSV file by Python's own csv module and hashlib, with none of the program's code.
"""
import csv
import hashlib
import json
import pathlib
import struct

HERE = pathlib.Path(__file__).parent
COLUMNS = ["item_id", "title", "caption", "tags", "asr", "ocr"]
TOKENS_VERSION = "v1 'quoted' \"twice\" \\n ${env:HOME} {{hole}} `tick` é 𝄞"
LEAST = 1
ROWS = [
    ["1", "Toy Story (1995)", "A boy's toys come to life", "animation, toys", "", "PIXAR"],
    ["2", 'He said "no", twice', "comma, here", "a,b", "", ""],
    ["3", "line one\nline two", "CR LF\r\ninside", "", "x", ""],
    ["4", "Misérables, Les (1995)", "naïve café — ✓", "été", "日本語", "𝄞 clef"],
    ["5", "", "", "", "", ""],
    ["6", "ends in backslash \\", "back\\slash 'single'", "\\'", "''", '""'],
    ["7", " leading and trailing ", "\ttab\t", " ", "null", "NULL"],
    ["8", "combining e\u0301 versus é", "\u200bzero width", "\ufeffmark inside", "🙂", "a\u0000b".replace("\u0000", "")],
    ["9", '"', '""""', ',', '\n', '\r\n'],
    ["0", "below the least id", "", "", "", ""],
    ["-3", "negative", "", "", "", ""],
    ["9223372036854775807", "the greatest id", "", "", "", ""],
    ["9223372036854775808", "no BIGINT", "", "", "", ""],
    ["x12", "no number", "", "", "", ""],
    ["", "no id", "", "", "", ""],
]


def encode(fields):
    out = hashlib.sha256()
    for field in fields:
        if field is None:
            out.update(struct.pack("<q", -1))
        else:
            utf8 = field.encode("utf-8")
            out.update(struct.pack("<q", len(utf8)) + utf8)
    return out.hexdigest()


def main():
    with open(HERE / "catalogue.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(ROWS)

    rows = []
    with open(HERE / "catalogue.csv", newline="", encoding="utf-8") as file:
        reader = csv.reader(file, strict=True)
        assert next(reader) == COLUMNS
        for record in reader:
            cells = [cell if cell != "" else None for cell in record]
            try:
                item = int(cells[0]) if cells[0] is not None else None
            except ValueError:
                item = None
            if item is None or not -(2**63) <= item < 2**63 or item < LEAST:
                continue
            rows.append([item] + cells[1:] + [encode(cells[1:] + [TOKENS_VERSION, None])])

    rows.sort(key=lambda row: row[0])
    case = {"tokens_version": TOKENS_VERSION, "least": LEAST, "columns": COLUMNS + ["content_hash"], "rows": rows}
    (HERE / "expected.json").write_text(json.dumps(case, indent=1, ensure_ascii=True) + "\n", encoding="utf-8")


main()
