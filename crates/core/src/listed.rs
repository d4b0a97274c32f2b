//! Lists in messages.

/// Items with commas between them; of more than `most`, the first and how many others there are.
pub fn listed(items: &[String], most: usize) -> String {
    let shown = items.iter().take(most).cloned().collect::<Vec<_>>().join(", ");
    match items.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_the_first_are_listed() {
        let items = ["a", "b", "c", "d"].map(str::to_owned);
        assert_eq!(listed(&items[..2], 2), "a, b");
        assert_eq!(listed(&items, 2), "a, b and 2 more");
    }
}
