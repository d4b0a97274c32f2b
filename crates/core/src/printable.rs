//! Text of others, where it is shown.

use std::borrow::Cow;

/// The text without characters that would act where it is shown: control characters, of which a terminal obeys some and
/// XML allows few, become `�`, and so do marks that turn the direction of the text around them. Tabs and ends of lines
/// stay.
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().any(acts) {
        let shown = |letter| {
            if acts(letter) {
                char::REPLACEMENT_CHARACTER
            } else {
                letter
            }
        };
        Cow::Owned(text.chars().map(shown).collect())
    } else {
        Cow::Borrowed(text)
    }
}

fn acts(letter: char) -> bool {
    match letter {
        '\t' | '\n' => false,
        // Embeddings, overrides and isolates (Unicode Standard Annex 9), and what XML 1.0 leaves out.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => true,
        letter => letter.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_replaced() {
        assert!(matches!(printable("naïve 学习\t≥ 1\n"), Cow::Borrowed(_)));
        assert_eq!(printable("a\u{1b}[31mb\r\u{7}\u{9b}c\u{202e}d"), "a�[31mb���c�d");
    }
}
