#!/usr/bin/env python3
"""Writes ZIP archives that lie, each in one of some thirty ways, beside honest ones, and what Python's
zipfile and Info-ZIP say of them.

    hostile_zips.py FOLDER COUNT SEED

The seed is also the minor number of the versions inside.
FOLDER/verdicts.json: a list of {file, kind, honest, version, python, infozip}; both verdicts are
"accepted" or "refused".
"""
import io
import json
import os
import random
import struct
import subprocess
import sys
import warnings
import zipfile

NAME = "@admin/zips"


def course(version):
    return json.dumps({"name": NAME, "version": version})


class Unseekable(io.RawIOBase):
    """Makes zipfile put sizes behind the data."""

    def __init__(self):
        self.bytes = bytearray()

    def writable(self):
        return True

    def write(self, piece):
        self.bytes += piece
        return len(piece)


def files(rng, version):
    out = {"course.json": course(version), "content/01_intro/README.md": "# Hello\n" * rng.randint(1, 40)}
    for i in range(rng.randint(0, 5)):
        out[f"content/01_intro/{i}.txt"] = "".join(rng.choices("abc \n", k=rng.randint(0, 300)))
    return out


def pack(entries, method=zipfile.ZIP_DEFLATED, comment=b"", out=None, big=False):
    """`entries`: (ZipInfo or name, content)."""
    target = out or io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(target, "w", method) as made:
            for name, content in entries:
                if big:
                    with made.open(name, "w", force_zip64=True) as file:
                        file.write(content.encode())
                else:
                    made.writestr(name, content)
            made.comment = comment
    return bytes(target.bytes) if out else target.getvalue()


def plain(rng, version, more=()):
    return pack([*files(rng, version).items(), *more])


def link(name, target):
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o120777 << 16
    info.create_system = 3
    return info, target


def unicode_path(name, other):
    info = zipfile.ZipInfo(name)
    data = b"\x01" + struct.pack("<I", zipfile.crc32(name.encode())) + other.encode()
    info.extra = struct.pack("<HH", 0x7075, len(data)) + data
    return info, "text"


def end_of(data):
    return data.rindex(b"PK\5\6")


def patch(data, at, form, change):
    """Changes the number at `at`."""
    data = bytearray(data)
    value = struct.unpack_from(form, data, at)[0]
    struct.pack_into(form, data, at, change(value) % (1 << 8 * struct.calcsize(form)))
    return bytes(data)


def listing(data, which):
    at = struct.unpack_from("<I", data, end_of(data) + 16)[0]
    for _ in range(which):
        sizes = struct.unpack_from("<HHH", data, at + 28)
        at += 46 + sum(sizes)
    return at


def overlapping(rng, version):
    """Two names for the same bytes."""
    data = plain(rng, version, [("content/a.txt", "text of a"), ("content/b.txt", "text of a")])
    count = struct.unpack_from("<H", data, end_of(data) + 10)[0]
    first = listing(data, count - 2)
    offset = struct.unpack_from("<I", data, first + 42)[0]
    return patch(data, listing(data, count - 1) + 42, "<I", lambda _: offset)


def gap(rng, version):
    """Bytes between the entries and the directory."""
    data = plain(rng, version)
    at = listing(data, 0)
    hidden = b"hidden" * rng.randint(1, 9)
    return patch(data[:at] + hidden + data[at:], end_of(data) + len(hidden) + 16, "<I", lambda v: v + len(hidden))


def second_end(rng, version):
    """Another archive's end in the comment, which is found first from behind."""
    other = plain(rng, version + "-other")
    return pack(files(rng, version).items(), comment=other[end_of(other):])


def encrypted(rng, version, folder):
    """Truly, by Info-ZIP."""
    return infozip(rng, version, folder, "-P", "secret")


def infozip(rng, version, folder, *flags):
    work = os.path.join(folder, "work")
    for name, content in files(rng, version).items():
        path = os.path.join(work, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)
    made = subprocess.run(["zip", "-qr", *flags, "-", "."], cwd=work, capture_output=True, check=True)
    subprocess.run(["rm", "-r", work], check=True)
    return made.stdout


def many(rng, version):
    return pack([*files(rng, version).items(), *((f"content/{i}", "") for i in range(50_001))], zipfile.ZIP_STORED)


def streamed(rng, version):
    return pack(files(rng, version).items(), out=Unseekable())


HONEST = {
    "deflated": lambda rng, v, _: plain(rng, v),
    "stored": lambda rng, v, _: pack(files(rng, v).items(), zipfile.ZIP_STORED),
    "folders": lambda rng, v, _: pack([("content/", ""), *files(rng, v).items()]),
    "zip64": lambda rng, v, _: pack(files(rng, v).items(), big=True),
    "streamed": lambda rng, v, _: streamed(rng, v),
    "commented": lambda rng, v, _: pack(files(rng, v).items(), comment=b"made by hand"),
    "infozip": lambda rng, v, folder: infozip(rng, v, folder),
}

HOSTILE = {
    "parent": lambda rng, v, _: plain(rng, v, [("../" * rng.randint(1, 4) + "etc/x", "x")]),
    "inner parent": lambda rng, v, _: plain(rng, v, [("content/../../x", "x")]),
    "absolute": lambda rng, v, _: plain(rng, v, [("/etc/passwd", "x")]),
    "drive": lambda rng, v, _: plain(rng, v, [("c:/windows/x", "x")]),
    "backslash": lambda rng, v, _: plain(rng, v).replace(b"content/01_intro/README.md", b"content\\01_intro\\README.md"),
    "control character": lambda rng, v, _: plain(rng, v).replace(b"README.md", b"READ\x07E.md"),
    "twice": lambda rng, v, _: plain(rng, v, [("content/x", "1"), ("content/x", "2")]),
    "twice by case": lambda rng, v, _: plain(rng, v, [("content/x", "1"), ("content/X", "2")]),
    "file and folder": lambda rng, v, _: plain(rng, v, [("content/x", "1"), ("content/x/y", "2")]),
    "link": lambda rng, v, _: plain(rng, v, [link("content/link", "/etc/passwd")]),
    "encrypted flag": lambda rng, v, _: patch(patch(d := plain(rng, v), 6, "<H", lambda f: f | 1), listing(d, 0) + 8, "<H", lambda f: f | 1),
    "encrypted": encrypted,
    "bzip2": lambda rng, v, _: pack(files(rng, v).items(), zipfile.ZIP_BZIP2),
    "lzma": lambda rng, v, _: pack(files(rng, v).items(), zipfile.ZIP_LZMA),
    "cut": lambda rng, v, _: (d := plain(rng, v))[: rng.randint(1, len(d) - 1)],
    "prefix": lambda rng, v, _: b"#!/bin/sh\nexit\n" + plain(rng, v),
    "suffix": lambda rng, v, _: plain(rng, v) + b"more" * rng.randint(1, 9),
    "count": lambda rng, v, _: patch(patch(d := plain(rng, v), end_of(d) + 10, "<H", lambda n: n + 1), end_of(d) + 8, "<H", lambda n: n + 1),
    "one less": lambda rng, v, _: patch(patch(d := plain(rng, v), end_of(d) + 10, "<H", lambda n: n - 1), end_of(d) + 8, "<H", lambda n: n - 1),
    "directory offset": lambda rng, v, _: patch(d := plain(rng, v), end_of(d) + 16, "<I", lambda n: n + rng.randint(1, 99)),
    "directory size": lambda rng, v, _: patch(d := plain(rng, v), end_of(d) + 12, "<I", lambda n: n - rng.randint(1, 9)),
    "listed name": lambda rng, v, _: (d := plain(rng, v))[: listing(d, 0)] + d[listing(d, 0):].replace(b"README.md", b"README.mx"),
    "listed crc": lambda rng, v, _: patch(d := plain(rng, v), listing(d, 1) + 16, "<I", lambda n: n ^ 1 << rng.randint(0, 31)),
    "listed size": lambda rng, v, _: patch(d := plain(rng, v), listing(d, 1) + 24, "<I", lambda n: n + rng.choice([-1, 1, 1000])),
    "crc": lambda rng, v, _: patch(patch(d := plain(rng, v), listing(d, 0) + 16, "<I", lambda n: n ^ 1), 14, "<I", lambda n: n ^ 1),
    "size": lambda rng, v, _: patch(patch(d := plain(rng, v), listing(d, 0) + 24, "<I", lambda n: n + 1), 22, "<I", lambda n: n + 1),
    "overlap": lambda rng, v, _: overlapping(rng, v),
    "gap": lambda rng, v, _: gap(rng, v),
    "two ends": lambda rng, v, _: second_end(rng, v),
    "Unicode name": lambda rng, v, _: plain(rng, v, [unicode_path("content/a.txt", "content/../../b.txt")]),
    "no course": lambda rng, v, _: pack([("content/README.md", "# Hello")]),
    "course below": lambda rng, v, _: pack([("inside/course.json", course(v))]),
    "bomb": lambda rng, v, _: plain(rng, v, [("content/zeros", "\0" * (70 << 20))]),
    "no archive": lambda rng, v, _: rng.randbytes(rng.randint(1, 3000)),
}
ONCE = {"many entries": lambda rng, v, _: many(rng, v)}


def flipped(rng, version, _):
    data = bytearray(plain(rng, version))
    data[rng.randrange(len(data))] ^= 1 << rng.randint(0, 7)
    return bytes(data)


def python_verdict(data):
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            return "refused" if opened.testzip() else "accepted"
    except Exception:  # zipfile raises many kinds for damaged archives
        return "refused"


def infozip_verdict(path):
    told = subprocess.run(["unzip", "-tqq", "-P", "x", path], capture_output=True, check=False, timeout=60)
    return "accepted" if told.returncode == 0 else "refused"


def main():
    folder, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    rng = random.Random(seed)
    kinds = [*HOSTILE, *(["flipped"] * 12)]
    chosen = [*ONCE, *(kinds[i % len(kinds)] for i in range(count - len(ONCE))), *HONEST]
    verdicts = []
    for i, kind in enumerate(chosen):
        version = f"1.{seed}.{i}"
        make = {**HOSTILE, **ONCE, **HONEST, "flipped": flipped}[kind]
        data = make(rng, version, folder)
        file = os.path.join(folder, f"{i}.progy")
        with open(file, "wb") as out:
            out.write(data)
        verdicts.append({
            "file": file, "kind": kind, "honest": kind in HONEST, "version": version,
            "python": python_verdict(data), "infozip": infozip_verdict(file),
        })
    with open(os.path.join(folder, "verdicts.json"), "w", encoding="utf-8") as out:
        json.dump(verdicts, out)


main()
