//! Text that is no wider than a terminal.

/// Widest line, in columns.
pub(crate) const WIDTH: u16 = 100;

/// Breaks a text at spaces so that no line is too wide, lines after the first with `indent`. A number and its `%` stay
/// together, and a word too long for a line is cut.
pub(crate) fn wrap(text: &str, indent: &str) -> String {
    let width = usize::from(WIDTH);
    let mut lines = vec![String::new()];
    let text = text.replace(" %", "\u{a0}%");
    for word in text.split_ascii_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        for (index, part) in letters.chunks(width - indent.len()).enumerate() {
            let part: String = part.iter().collect();
            let first = lines.len() == 1;
            let Some(line) = lines.last_mut() else { break };
            let empty = line.is_empty() || (!first && line.as_str() == indent);
            let space = usize::from(!empty && index == 0);
            if line.chars().count() + space + part.chars().count() <= width {
                line.push_str(&" ".repeat(space));
                line.push_str(&part);
            } else {
                lines.push(format!("{indent}{part}"));
            }
        }
    }
    lines.join("\n").replace('\u{a0}', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_wrapped() {
        let text = wrap(&"word ".repeat(30), "  ");
        assert_eq!(
            text,
            format!("{}\n  {}", ["word"; 20].join(" "), ["word"; 10].join(" "))
        );
        let percent = wrap(&format!("{}90 % of", "x ".repeat(49)), "");
        assert_eq!(percent, format!("{}\n90 % of", ["x"; 49].join(" ")));
        assert_eq!(wrap("", "  "), "");
    }
}
