//! The embedded fonts: plotters measures and draws with them, and the page carries them, so text takes the same room
//! everywhere.

use ab_glyph::{Font as _, FontRef};
use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};
use std::sync::LazyLock;

pub(crate) const REGULAR: &[u8] = include_bytes!("../../assets/Inter-Regular.ttf");
pub(crate) const SEMI_BOLD: &[u8] = include_bytes!("../../assets/Inter-SemiBold.ttf");

/// The name under which the fonts are registered, and the `font-family` of text in SVG.
pub(crate) const FAMILY: &str = "Inter, Helvetica, Arial, sans-serif";

/// Ascent plus descent over the em of Inter 3.19, from its `hhea` table: plotters' `ab_glyph` backend takes this height
/// for the font size.
pub(crate) const HEIGHT_PER_EM: f64 = 3408.0 / 2816.0;

/// Weight of a font.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    SemiBold,
}

impl Weight {
    /// plotters knows no weights but these two.
    pub(crate) fn style(self) -> FontStyle {
        match self {
            Self::Regular => FontStyle::Normal,
            Self::SemiBold => FontStyle::Bold,
        }
    }
}

/// A font could not be read.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the font `{0}` inside this program cannot be read; build it again from unchanged sources")]
pub(crate) struct FontError(&'static str);

/// Makes the fonts known to plotters; without it even SVG text fails.
pub(crate) fn register() -> Result<(), FontError> {
    register_font(FAMILY, FontStyle::Normal, REGULAR).map_err(|_| FontError("Inter-Regular"))?;
    register_font(FAMILY, FontStyle::Bold, SEMI_BOLD).map_err(|_| FontError("Inter-SemiBold"))
}

/// What is drawn in place of a letter that the fonts lack.
const MISSING: char = '□';

/// The letters of the fonts; both have the same.
static LETTERS: LazyLock<Option<FontRef<'static>>> = LazyLock::new(|| FontRef::try_from_slice(REGULAR).ok());

/// Whether the fonts have this letter.
pub(crate) fn has(letter: char) -> bool {
    LETTERS.as_ref().is_none_or(|font| font.glyph_id(letter).0 != 0)
}

/// The text as the fonts can show it: a mark for each letter that they lack.
pub(crate) fn shown(text: &str) -> String {
    text.chars()
        .map(|letter| if has(letter) { letter } else { MISSING })
        .collect()
}

/// Width of a text in logical pixels, with `em` pixels to the em.
pub(crate) fn width(text: &str, em: f64, weight: Weight) -> f64 {
    // plotters answers in whole pixels, so the text is measured large.
    const LARGE: f64 = 1000.0;
    // A failed registration is reported when the figure is drawn; until then a rough width will do.
    let rough = text.chars().count() as f64 * 0.6 * em;
    // Where a viewer shows a letter that the fonts lack by one of its own, that is about as wide as the mark.
    let text = &shown(text);
    if register().is_err() {
        return rough;
    }
    FontDesc::new(FontFamily::Name(FAMILY), LARGE * HEIGHT_PER_EM, weight.style())
        .layout_box(text)
        .map_or(rough, |((left, _), (right, _))| f64::from(right - left) / LARGE * em)
}

/// The text, cut to `room` logical pixels with an ellipsis where it is wider.
pub(crate) fn fit(text: &str, em: f64, weight: Weight, room: f64) -> String {
    if width(text, em, weight) <= room {
        return text.to_owned();
    }
    let mut kept: Vec<char> = text.chars().collect();
    while kept.pop().is_some() {
        let cut: String = kept.iter().collect::<String>().trim_end().to_owned() + "…";
        if width(&cut, em, weight) <= room {
            return cut;
        }
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_font() {
        // Advances in Inter-Regular 3.19 of 2816 units to the em, as fonttools reads them: n 1648, i 668.
        let expected = f64::from(1648 + 668) / 2816.0 * 10.0;
        assert!(
            (width("ni", 10.0, Weight::Regular) - expected).abs() < 0.02,
            "measured to a thousandth of an em"
        );
        assert!(width("ni", 10.0, Weight::SemiBold) > expected);
    }

    #[test]
    fn letters_that_the_fonts_lack_become_a_mark() {
        assert_eq!(shown("Größe Ω база ≤ 10⁻³ → ∞"), "Größe Ω база ≤ 10⁻³ → ∞");
        assert_eq!(shown("基準 a"), "□□ a");
        for font in [REGULAR, SEMI_BOLD] {
            let font = FontRef::try_from_slice(font).unwrap();
            assert!("□Ωбaé".chars().all(|letter| font.glyph_id(letter).0 != 0));
        }
    }

    #[test]
    fn long_texts_are_cut() {
        let cut = fit("a rather long name of a config", 13.0, Weight::Regular, 80.0);
        assert!(cut.ends_with('…') && cut.len() > 5, "{cut}");
        assert!(width(&cut, 13.0, Weight::Regular) <= 80.0);
        assert_eq!(fit("short", 13.0, Weight::Regular, 80.0), "short");
        assert_eq!(fit("short", 13.0, Weight::Regular, 0.0), "");
    }
}
