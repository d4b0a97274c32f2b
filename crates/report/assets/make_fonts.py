"""Makes Inter-Regular.ttf and Inter-SemiBold.ttf from the WOFF files of Inter 3.19 (npm package `inter-ui` 3.19.3).

    pip install fonttools
    npm pack inter-ui@3.19.3 && tar xzf inter-ui-3.19.3.tgz
    python make_fonts.py "package/Inter (web)"

Two steps: cut down to the characters that figures and pages use, and give each glyph an empty contour at x = 0. The second is needed
because plotters 0.3.7 draws a glyph's bounding box at the pen and so loses the space that belongs left of it
(src/style/font/ab_glyph.rs); with the contour the box starts at the pen.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.filterPen import DecomposingFilterPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

CHARACTERS = [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x370, 0x400), *range(0x400, 0x500), 0x2009, *range(0x2010, 0x2016),
              *range(0x2018, 0x201F), 0x2022, 0x2026, 0x202F, *range(0x2070, 0x208F), 0x2190, 0x2191, 0x2192, 0x2193, 0x2212,
              0x221E, 0x2248, 0x2260, 0x2264, 0x2265, 0x25A1, 0x25B2, 0x25BC]


def make(source: Path, target: Path) -> None:
    font = TTFont(source)
    options = subset.Options(layout_features=["kern", "tnum"], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], hinting=False)
    options.drop_tables += ["DSIG", "STAT", "GDEF"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=CHARACTERS)
    subsetter.subset(font)

    glyphs = font.getGlyphSet()
    glyf = newTable("glyf")
    glyf.glyphs = {}
    glyf.glyphOrder = font.getGlyphOrder()
    for name in glyf.glyphOrder:
        bounds = BoundsPen(glyphs)
        glyphs[name].draw(bounds)
        pen = TTGlyphPen(None)
        if bounds.bounds is not None:
            bottom = round(bounds.bounds[1])
            pen.moveTo((0, bottom))
            pen.lineTo((0, bottom + 1))
            pen.closePath()
        glyphs[name].draw(DecomposingFilterPen(pen, glyphs))
        glyf.glyphs[name] = pen.glyph()

    font.flavor = None
    font["loca"], font["glyf"] = newTable("loca"), glyf
    for field in ("maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
                  "maxSizeOfInstructions", "maxComponentElements", "maxPoints", "maxContours", "maxCompositePoints",
                  "maxCompositeContours", "maxComponentDepth"):
        setattr(font["maxp"], field, 0)
    font["maxp"].maxZones = 1
    font["post"].formatType = 3.0
    for name, (advance, _) in font["hmtx"].metrics.items():
        glyph = glyf.glyphs[name]
        glyph.recalcBounds(glyf)
        font["hmtx"].metrics[name] = (advance, getattr(glyph, "xMin", 0))
    font["head"].glyphDataFormat = 0
    font.recalcTimestamp = False
    font.save(target)


if __name__ == "__main__":
    for weight in ("Regular", "SemiBold"):
        make(Path(sys.argv[1]) / f"Inter-{weight}.woff", Path(__file__).parent / f"Inter-{weight}.ttf")
