//! Looking for a text in another, byte by byte: what is looked for here is short, and the standard library's search, made
//! for long ones, weighs more than it would gain. Looking for a single character brings it along too.

/// Where `part` stands in `text` first.
fn find(text: &str, part: &str) -> Option<usize> {
    let (first, part) = (part.as_bytes().first()?, part.as_bytes());
    text.as_bytes().windows(part.len()).position(|window| window.first() == Some(first) && window == part)
}

/// Whether `part`, which is not empty, stands in `text`.
pub(crate) fn contains(text: &str, part: &str) -> bool {
    find(text, part).is_some()
}

/// `text` with `by` wherever `part` stood. An empty `part` stands nowhere.
pub(crate) fn replaced(text: &str, part: &str, by: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = find(rest, part).and_then(|at| rest.split_at_checked(at)) {
        out.push_str(before);
        out.push_str(by);
        rest = after.strip_prefix(part).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn does_as_the_standard_library(text in "[ab键\"]{0,12}", part in "[ab键\"]{1,3}", by in "[a*]{0,3}") {
            prop_assert_eq!(contains(&text, &part), text.contains(&part));
            prop_assert_eq!(replaced(&text, &part, &by), text.replace(&part, &by));
        }
    }

    #[test]
    fn finds_nothing_empty() {
        assert!(!contains("a", ""));
        assert_eq!(replaced("a", "", "b"), "a");
    }
}
