#!/usr/bin/env python3
"""Writes a wheel of the Python package and the programs. Needs nothing but the standard library: no network either.

    scripts/wheel_file.py [--without TEXT]... PROGRAMS OUT

PROGRAMS: the folder of `seedband` and `seedband-worker`, stripped. OUT: the folder for the wheel, whose path is printed.
--without: fails where a program has that text in it, for example a folder of this machine.

The platform in the wheel's name is read off the programs: the oldest glibc that has every symbol they ask for, and of
the other libraries of the system only those that PEP 600 allows. libtorch is none of them: the worker finds the one of
the environment when it is started (docs/libtorch.md).
"""

import argparse
import base64
import hashlib
import os
import pathlib
import re
import sys
import time
import zipfile

from wheel_elf import Elf

try:
    import tomllib
except ImportError:  # Python 3.10 and older
    from pip._vendor import tomli as tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "python"
NAME = "seedband"

#: What each program may be linked to besides the system's libraries.
PROGRAMS = {"seedband": set(), "seedband-worker": {"libtorch_cpu.so", "libc10.so", "libgomp.so.1"}}

#: Of the libraries that PEP 600 takes to be everywhere, those that a Rust or C++ program may ask for.
SYSTEM = {
    "ld-linux-aarch64.so.1",
    "ld-linux-x86-64.so.2",
    "libc.so.6",
    "libdl.so.2",
    "libgcc_s.so.1",
    "libm.so.6",
    "libpthread.so.0",
    "librt.so.1",
    "libstdc++.so.6",
    "libutil.so.1",
}

#: The last version of each library of GCC's that is with a glibc 2.N everywhere: the policies of auditwheel 6.8.
WITH_GLIBC = {
    "GLIBCXX": [
        ("3.4.19", 17),
        ("3.4.22", 24),
        ("3.4.24", 27),
        ("3.4.28", 31),
        ("3.4.29", 34),
        ("3.4.30", 35),
        ("3.4.33", 39),
    ],
    "CXXABI": [("1.3.7", 17), ("1.3.10", 24), ("1.3.11", 27), ("1.3.12", 31), ("1.3.13", 34), ("1.3.15", 39)],
    "GCC": [("4.8.0", 17), ("7.0.0", 27), ("12.0.0", 35), ("14.0.0", 39)],
}

#: Names of versions that are no numbers.
NAMED = {"GLIBC_ABI_DT_RELR": 36, "CXXABI_TM_1": 17, "CXXABI_FLOAT128": 24}


class NotMade(Exception):
    """Why there is no wheel."""


def numbers(version):
    return tuple(int(part) for part in version.split("."))


def glibc_of(symbol):
    """The N of the oldest glibc 2.N whose systems have a version of symbols, such as `GLIBC_2.34` or `GLIBCXX_3.4.30`."""
    if symbol in NAMED:
        return NAMED[symbol]
    library, _, version = symbol.partition("_")
    if not re.fullmatch(r"\d+(\.\d+)*", version):
        raise NotMade(f"which systems have `{symbol}` is not known")
    if library == "GLIBC":
        return numbers(version)[1]
    for last, glibc in WITH_GLIBC.get(library, []):
        if numbers(version) <= numbers(last):
            return glibc
    raise NotMade(f"which systems have `{symbol}` is not known")


def platform_of(programs):
    """The platform tag of programs, for example `manylinux_2_34_x86_64`."""
    machines = {elf.machine for elf in programs.values()}
    if len(machines) > 1:
        raise NotMade(f"the programs are for several processors: {', '.join(sorted(machines))}")
    for name, elf in programs.items():
        foreign = set(elf.needed) - SYSTEM - PROGRAMS[name]
        if foreign:
            raise NotMade(f"`{name}` is linked to {', '.join(sorted(foreign))}, which other machines need not have")
    # pip knows no older `manylinux_2_N` than 2.5, for which nothing of this is built.
    glibc = max((glibc_of(symbol) for elf in programs.values() for symbol in elf.versions), default=17)
    return f"manylinux_2_{max(glibc, 17)}_{machines.pop()}"


def read_programs(folder, without):
    """The programs in a folder, without the folders in which they would look for libraries."""
    programs = {}
    for name in PROGRAMS:
        try:
            elf = Elf((folder / name).read_bytes())
            elf.remove_run_paths()
        except (OSError, ValueError) as error:
            raise NotMade(f"`{folder / name}` cannot be packed: {error}") from error
        for text in without:
            at = elf.data.find(text.encode())
            if at >= 0:
                seen = bytes(elf.data[at : at + 80]).decode(errors="replace")
                raise NotMade(f"`{name}` names a folder of this machine: {seen!r}")
        programs[name] = elf
    return programs


def version():
    """The version of the workspace, which the package has to state too."""
    stated = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["workspace"]["package"]["version"]
    text = (PACKAGE / NAME / "_version.py").read_text(encoding="utf-8")
    if f'__version__ = "{stated}"' not in text:
        raise NotMade(f"Cargo.toml says version {stated}, and python/{NAME}/_version.py does not")
    return stated


def metadata(project):
    """The file METADATA, from the table `[project]`."""
    lines = [
        "Metadata-Version: 2.4",
        f"Name: {project['name']}",
        f"Version: {version()}",
        f"Summary: {project['description']}",
        f"Keywords: {','.join(project['keywords'])}",
        *(f"Author: {author['name']}" for author in project["authors"]),
        f"License-Expression: {project['license']}",
        *(f"License-File: {file}" for file in project["license-files"]),
        *(f"Classifier: {classifier}" for classifier in project["classifiers"]),
        f"Requires-Python: {project['requires-python']}",
        *(f"Requires-Dist: {requirement}" for requirement in project["dependencies"]),
    ]
    for extra, requirements in project["optional-dependencies"].items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f'Requires-Dist: {requirement}; extra == "{extra}"' for requirement in requirements]
    readme = (PACKAGE / project["readme"]).read_text(encoding="utf-8")
    return "\n".join([*lines, "Description-Content-Type: text/markdown", "", readme])


def contents(project, programs, tag):
    """The wheel's files but for RECORD: path, bytes, whether it is a program."""
    stem = f"{NAME}-{version()}"
    for path in sorted((PACKAGE / NAME).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(PACKAGE).as_posix(), path.read_bytes(), False
    for name, elf in programs.items():
        yield f"{stem}.data/scripts/{name}", bytes(elf.data), True
    wheel = f"Wheel-Version: 1.0\nGenerator: seedband scripts/wheel\nRoot-Is-Purelib: false\nTag: {tag}\n"
    info = f"{stem}.dist-info"
    yield f"{info}/METADATA", metadata(project).encode(), False
    yield f"{info}/WHEEL", wheel.encode(), False
    for file in project["license-files"]:
        yield f"{info}/licenses/{file}", (PACKAGE / file).read_bytes(), False


def write(path, files):
    """Writes the wheel whole or not at all. The same files and SOURCE_DATE_EPOCH give the same bytes."""
    moment = time.gmtime(max(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), 315532800))[:6]
    record = []
    part = path.with_name(f".{path.name}.part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:

        def add(name, data, is_program=False):
            entry = zipfile.ZipInfo(name, moment)
            entry.external_attr = (0o100755 if is_program else 0o100644) << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED, 9)

        for name, data, is_program in files:
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record.append(f"{name},sha256={digest},{len(data)}\n")
            add(name, data, is_program)
        listed = f"{NAME}-{version()}.dist-info/RECORD"
        add(listed, "".join([*record, f"{listed},,\n"]))
    os.replace(part, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", type=pathlib.Path, metavar="PROGRAMS")
    parser.add_argument("out", type=pathlib.Path, metavar="OUT")
    parser.add_argument("--without", action="append", default=[], metavar="TEXT")
    arguments = parser.parse_args()
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    programs = read_programs(arguments.programs, arguments.without)
    tag = f"py3-none-{platform_of(programs)}"
    arguments.out.mkdir(parents=True, exist_ok=True)
    path = arguments.out / f"{NAME}-{version()}-{tag}.whl"
    write(path, contents(project, programs, tag))
    print(f"wheel: {path.stat().st_size / 1e6:.1f} MB", file=sys.stderr)
    print(path)


if __name__ == "__main__":
    try:
        main()
    except NotMade as reason:
        sys.exit(f"error: {reason}")
