"""What `scripts/wheel` packs, and how it names it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import seedband

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import wheel_file
from wheel_elf import Elf


def program(needed=(), versions=(), machine="x86_64"):
    return SimpleNamespace(needed=list(needed), versions=set(versions), machine=machine)


def test_package_and_programs_have_one_version():
    text = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
    stated = re.search(r'^\[workspace\.package\]\nversion = "(.+)"$', text, re.MULTILINE)
    assert stated[1] == seedband.__version__ == wheel_file.version()


@pytest.mark.parametrize(
    ("symbol", "glibc"),
    [
        ("GLIBC_2.2.5", 2),
        ("GLIBC_2.34", 34),
        ("GLIBC_ABI_DT_RELR", 36),
        ("GLIBCXX_3.4.9", 17),
        ("GLIBCXX_3.4.26", 31),
        ("GLIBCXX_3.4.30", 35),
        ("CXXABI_1.3.9", 24),
        ("GCC_3.0", 17),
        ("GCC_13.0.0", 39),
    ],
)
def test_the_oldest_glibc_with_a_symbol(symbol, glibc):
    assert wheel_file.glibc_of(symbol) == glibc


def test_the_platform_is_that_of_the_program_that_needs_most():
    worker = program({"libtorch_cpu.so", "libstdc++.so.6"}, {"GLIBC_2.28", "GLIBCXX_3.4.29"}, "aarch64")
    programs = {"seedband": program({"libc.so.6"}, {"GLIBC_2.30"}, "aarch64"), "seedband-worker": worker}
    assert wheel_file.platform_of(programs) == "manylinux_2_34_aarch64"
    programs["seedband"].versions.add("GLIBC_2.35")
    assert wheel_file.platform_of(programs) == "manylinux_2_35_aarch64"
    programs["seedband"].machine = "x86_64"
    with pytest.raises(wheel_file.NotMade, match="for several processors: aarch64, x86_64"):
        wheel_file.platform_of(programs)


@pytest.mark.parametrize("library", ["libtorch_cpu.so", "libssl.so.3"])
def test_a_program_that_needs_a_library_of_this_machine_is_refused(library):
    with pytest.raises(
        wheel_file.NotMade, match=f"`seedband` is linked to {library}, which other machines need not have"
    ):
        wheel_file.platform_of({"seedband": program({library})})


@pytest.mark.parametrize("symbol", ["GLIBCXX_3.4.99", "GLIBC_PRIVATE", "OPENSSL_3.0.0"])
def test_a_symbol_that_no_table_knows_is_refused(symbol):
    with pytest.raises(wheel_file.NotMade, match=f"which systems have `{symbol}` is not known"):
        wheel_file.platform_of({"seedband": program(versions={symbol})})


@pytest.mark.skipif(shutil.which("cc") is None or sys.platform != "linux", reason="needs a C compiler on Linux")
@pytest.mark.parametrize("tags", ["--enable-new-dtags", "--disable-new-dtags"])
def test_folders_of_this_machine_are_taken_out_of_a_program(tmp_path, tags):
    source, made = tmp_path / "a.c", tmp_path / "seedband"
    source.write_text(
        '#include <math.h>\n#include <stdio.h>\nint main(int n, char **a) { printf("%g", cos(n - 1)); }\n'
    )
    rpath = f"-Wl,{tags},-rpath,/some/where:$ORIGIN/../lib"
    subprocess.run(["cc", source, "-o", made, rpath, "-Wl,--no-as-needed", "-lm"], check=True)
    elf = Elf(made.read_bytes())
    assert elf.run_paths == ["/some/where:$ORIGIN/../lib"]
    assert {"libm.so.6", "libc.so.6"} <= set(elf.needed)
    assert any(version.startswith("GLIBC_2.") for version in elf.versions)
    before = (elf.needed, elf.versions)
    elf.remove_run_paths()
    again = Elf(bytes(elf.data))
    assert (again.run_paths, (again.needed, again.versions)) == ([], before)
    assert b"/some/where" not in again.data
    made.write_bytes(again.data)
    assert subprocess.run([made], stdout=subprocess.PIPE, check=True).stdout == b"1"
    with pytest.raises(wheel_file.NotMade, match="names a folder of this machine: 'libm.so.6"):
        shutil.copy(made, tmp_path / "seedband-worker")
        wheel_file.read_programs(tmp_path, ["libm.so"])


def test_what_is_no_program_cannot_be_packed(tmp_path):
    (tmp_path / "seedband").write_text("#!/bin/sh\n")
    with pytest.raises(wheel_file.NotMade, match="cannot be packed: it is no ELF file of 64 bits"):
        wheel_file.read_programs(tmp_path, [])
