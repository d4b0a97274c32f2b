"""What a program needs of the machine it runs on, read from its file: ELF of 64 bits, little-endian."""

import struct

MACHINES = {62: "x86_64", 183: "aarch64"}

PT_LOAD, PT_DYNAMIC = 1, 2
SHT_DYNSYM = 11
DT_NULL, DT_NEEDED, DT_STRTAB, DT_RPATH, DT_RUNPATH = 0, 1, 5, 15, 29
DT_VERNEED, DT_VERNEEDNUM = 0x6FFFFFFE, 0x6FFFFFFF
VER_FLG_WEAK = 2


class Elf:
    """The dynamic section of a program, and the bytes around it."""

    def __init__(self, data):
        if data[:6] != b"\x7fELF\x02\x01":
            raise ValueError("it is no ELF file of 64 bits, little-endian")
        self.data = bytearray(data)
        number = struct.unpack_from("<H", data, 18)[0]
        if number not in MACHINES:
            raise ValueError(f"it is for a processor of the number {number}")
        #: As in `uname -m`.
        self.machine = MACHINES[number]
        table, size, count = self._unpack("<Q", 32)[0], *self._unpack("<HH", 54)
        #: Type, offset, address and size of each segment.
        self._segments = [
            (self._unpack("<I", at)[0], *self._unpack("<QQ8xQ", at + 8))
            for at in range(table, table + size * count, size)
        ]
        #: Offset of each entry of the dynamic section, with its tag and value.
        self._dynamic = []
        for kind, offset, _, length in self._segments:
            if kind == PT_DYNAMIC:
                self._dynamic = [(at, *self._unpack("<qQ", at)) for at in range(offset, offset + length, 16)]

    @property
    def needed(self):
        """The libraries that it is linked to, by name."""
        return [self._string(value) for _, tag, value in self._dynamic if tag == DT_NEEDED]

    @property
    def run_paths(self):
        """The folders in which it asks the loader to look for them."""
        return [self._string(value) for _, tag, value in self._dynamic if tag in (DT_RPATH, DT_RUNPATH)]

    @property
    def versions(self):
        """The versions of symbols that have to be there, as `GLIBC_2.34`."""
        found = set()
        at = self._offset(self._value(DT_VERNEED)) if self._value(DT_VERNEED) else 0
        for _ in range(self._value(DT_VERNEEDNUM)):
            count, aux, following = self._unpack("<2xH4xII", at)
            entry = at + aux
            for _ in range(count):
                flags, name, after = self._unpack("<4xH2xII", entry)
                if not flags & VER_FLG_WEAK:
                    found.add(self._string(name))
                entry += after
            at += following
        return found

    def remove_run_paths(self):
        """Takes the folders out: their entries, and their text unless the name of a symbol is a part of it."""
        kept = [(tag, value) for _, tag, value in self._dynamic if tag not in (DT_RPATH, DT_RUNPATH)]
        strings = self._offset(self._value(DT_STRTAB))
        used = self._symbol_names() | {value for tag, value in kept if tag == DT_NEEDED}
        for _, tag, value in self._dynamic:
            if tag in (DT_RPATH, DT_RUNPATH):
                length = len(self._string(value).encode())
                if used & set(range(value, value + length)):
                    raise ValueError("its run path shares its text with other names; use patchelf --remove-rpath")
                self.data[strings + value : strings + value + length] = bytes(length)
        kept += [(DT_NULL, 0)] * (len(self._dynamic) - len(kept))
        self._dynamic = [(at, *entry) for (at, _, _), entry in zip(self._dynamic, kept)]
        for at, tag, value in self._dynamic:
            struct.pack_into("<qQ", self.data, at, tag, value)

    def _symbol_names(self):
        """Where the names of the symbols begin, within the text of the dynamic section."""
        table, size, count = self._unpack("<Q", 40)[0], *self._unpack("<HH", 58)
        names = set()
        for header in range(table, table + size * count, size):
            kind, offset, length = self._unpack("<4xI16xQQ", header)
            if kind == SHT_DYNSYM:
                names |= {self._unpack("<I", at)[0] for at in range(offset, offset + length, 24)}
        return names

    def _unpack(self, layout, at):
        return struct.unpack_from(layout, self.data, at)

    def _value(self, wanted):
        return next((value for _, tag, value in self._dynamic if tag == wanted), 0)

    def _offset(self, address):
        """Where in the file an address of the running program lies."""
        for kind, offset, start, length in self._segments:
            if kind == PT_LOAD and start <= address < start + length:
                return address - start + offset
        raise ValueError(f"it has no segment for the address {address:#x}")

    def _string(self, at):
        start = self._offset(self._value(DT_STRTAB)) + at
        return self.data[start : self.data.index(0, start)].decode()
