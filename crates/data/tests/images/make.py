"""Makes the images beside it.

One of each kind that the decoders tell apart, and some that claim to be far larger than they are. Pillow 13.0.0.
"""

import io
import struct
import zlib
from pathlib import Path

from PIL import Image, PngImagePlugin

here = Path(__file__).parent
image = Image.new("RGB", (24, 16))
image.putdata([(x * 10 % 256, y * 15 % 256, (x * y) % 256) for y in range(16) for x in range(24)])


def png_of(width, height, colour, depth, rows=b"\0"):
    """A PNG file that says to be `width` by `height`."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def jpeg_of(name, width, height):
    """The JPEG file of that name with another size in its frame header."""
    data = bytearray((here / name).read_bytes())
    start = next(i for i in range(len(data)) if data[i] == 0xFF and data[i + 1] in (0xC0, 0xC1, 0xC2))
    data[start + 5 : start + 9] = struct.pack(">HH", height, width)
    return bytes(data)


image.save(here / "plain.jpg", quality=60)
image.save(here / "full.jpg", quality=60, subsampling=0, restart_marker_blocks=1)
image.save(here / "progressive.jpg", quality=60, progressive=True)
image.convert("L").save(here / "grey.jpg", quality=60)
image.convert("CMYK").save(here / "four.jpg", quality=60)
image.save(here / "plain.png")
image.convert("P", palette=Image.Palette.ADAPTIVE, colors=5).save(here / "palette.png", bits=4)
image.convert("1").save(here / "bits.png")
image.convert("RGBA").save(here / "transparent.png")
Image.new("I;16", (24, 16), 40000).save(here / "deep.png")
text = PngImagePlugin.PngInfo()
text.add_text("comment", "word " * 2000, zip=True)
image.save(here / "text.png", pnginfo=text, icc_profile=b"profile " * 500)

grey = image.convert("LA")
grey.putalpha(128)
grey.save(here / "grey-alpha.png")
image.save(here / "lossy.webp", quality=60)
image.save(here / "lossless.webp", lossless=True)
half = image.convert("RGBA")
half.putalpha(128)
half.save(here / "alpha.webp", lossless=True)
image.save(here / "plain.bmp")
image.convert("P").save(here / "palette.bmp")
image.save(here / "plain.tif")
image.save(here / "packed.tif", compression="tiff_lzw")
image.convert("L").save(here / "grey.tiff", compression="tiff_adobe_deflate")

# As cameras keep them: on its side, with the turn that rights it; and with a small copy, which has an end marker of its own.
exif = Image.Exif()
exif[274] = 6
image.transpose(Image.Transpose.ROTATE_90).save(here / "turned.png", exif=exif)
image.transpose(Image.Transpose.ROTATE_90).save(here / "turned.jpg", quality=90, exif=exif)
small = io.BytesIO()
image.resize((12, 8)).save(small, "JPEG")
segment = b"Exif\0\0" + small.getvalue()
plain = (here / "plain.jpg").read_bytes()
(here / "thumbnail.jpg").write_bytes(plain[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + plain[2:])

# Claims of 3.6 billion pixels, and of as many as the decoders' own limit of half a gigabyte lets through.
(here / "claims-60000.png").write_bytes(png_of(60000, 60000, 2, 8))
(here / "claims-13000.png").write_bytes(png_of(13000, 13000, 2, 8))
(here / "claims-60000.jpg").write_bytes(jpeg_of("progressive.jpg", 60000, 60000))
(here / "claims-13000.jpg").write_bytes(jpeg_of("progressive.jpg", 13000, 13000))
