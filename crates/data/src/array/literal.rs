//! The header of a `.npy` file: a Python dictionary of three keys.

use std::iter::Peekable;
use std::str::CharIndices;

/// A Python literal of the few kinds that a header may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Literal {
    Text(String),
    Bool(bool),
    Integer(u64),
    /// A tuple or a list.
    Items(Vec<Literal>),
    /// A dictionary whose keys are texts.
    Entries(Vec<(String, Literal)>),
}

/// Deeper nests are no header: a structured type has two or three.
const DEEPEST: usize = 8;

/// Reads `text`, all of it; none where it is anything else.
pub(super) fn parse(text: &str) -> Option<Literal> {
    let mut parser = Parser {
        text,
        rest: text.char_indices().peekable(),
    };
    let literal = parser.literal(DEEPEST)?;
    parser.skip_spaces();
    parser.rest.next().is_none().then_some(literal)
}

struct Parser<'a> {
    text: &'a str,
    rest: Peekable<CharIndices<'a>>,
}

impl Parser<'_> {
    fn literal(&mut self, depth: usize) -> Option<Literal> {
        let depth = depth.checked_sub(1)?;
        self.skip_spaces();
        let (start, first) = *self.rest.peek()?;
        match first {
            '\'' | '"' => self.text(first).map(Literal::Text),
            '(' => self.items(')', depth).map(Literal::Items),
            '[' => self.items(']', depth).map(Literal::Items),
            '{' => self.entries(depth).map(Literal::Entries),
            _ => match self.word(start) {
                "True" => Some(Literal::Bool(true)),
                "False" => Some(Literal::Bool(false)),
                // Python 2 wrote long integers with an `L`.
                number => number
                    .strip_suffix('L')
                    .unwrap_or(number)
                    .parse()
                    .ok()
                    .map(Literal::Integer),
            },
        }
    }

    fn skip_spaces(&mut self) {
        while self.rest.next_if(|(_, letter)| letter.is_whitespace()).is_some() {}
    }

    /// Whether the next letter but for spaces is this one, which then is passed.
    fn passes(&mut self, wanted: char) -> bool {
        self.skip_spaces();
        self.rest.next_if(|(_, letter)| *letter == wanted).is_some()
    }

    fn word(&mut self, start: usize) -> &str {
        let mut end = start;
        while let Some((at, letter)) = self.rest.next_if(|(_, letter)| letter.is_ascii_alphanumeric()) {
            end = at + letter.len_utf8();
        }
        &self.text[start..end]
    }

    fn text(&mut self, quote: char) -> Option<String> {
        self.rest.next()?;
        let mut text = String::new();
        loop {
            match self.rest.next()?.1 {
                letter if letter == quote => return Some(text),
                // No name of a type has one.
                '\\' => return None,
                letter => text.push(letter),
            }
        }
    }

    fn items(&mut self, end: char, depth: usize) -> Option<Vec<Literal>> {
        self.rest.next()?;
        let mut items = Vec::new();
        while !self.passes(end) {
            items.push(self.literal(depth)?);
            if !self.passes(',') {
                return self.passes(end).then_some(items);
            }
        }
        Some(items)
    }

    fn entries(&mut self, depth: usize) -> Option<Vec<(String, Literal)>> {
        self.rest.next()?;
        let mut entries = Vec::new();
        while !self.passes('}') {
            self.skip_spaces();
            let (_, quote) = *self.rest.peek()?;
            if !matches!(quote, '\'' | '"') {
                return None;
            }
            let key = self.text(quote)?;
            if !self.passes(':') {
                return None;
            }
            entries.push((key, self.literal(depth)?));
            if !self.passes(',') {
                return self.passes('}').then_some(entries);
            }
        }
        Some(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_numpy_writes_is_read() {
        let header = parse("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3L), }    \n").unwrap();
        let expected = [
            ("descr", Literal::Text("<f4".into())),
            ("fortran_order", Literal::Bool(false)),
            ("shape", Literal::Items(vec![Literal::Integer(2), Literal::Integer(3)])),
        ];
        let expected = expected.map(|(key, value)| (key.to_owned(), value));
        assert_eq!(header, Literal::Entries(expected.to_vec()));
        assert_eq!(parse("()"), Some(Literal::Items(Vec::new())));
        assert_eq!(parse("(5,)"), Some(Literal::Items(vec![Literal::Integer(5)])));
        assert!(parse("[('a', '<i4'), ('b', '<f8', (2,))]").is_some());
    }

    #[test]
    fn anything_else_is_none() {
        for text in [
            "",
            "{",
            "(1",
            "(1 2)",
            "{'a' 1}",
            "{1: 2}",
            "'a",
            "1 1",
            "-1",
            "(,)",
            "é",
            "__import__('os')",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse(&"(".repeat(100_000)), None);
    }
}
