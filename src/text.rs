//! Looking for a text in another, byte by byte: what is looked for here is short, and the standard library's search, made
//! for long ones, weighs more than it would gain. Looking for a single character brings it along too, and its ways to join
//! texts and to read numbers, made for all types, weigh as much.

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

/// `text` before and after the first `mark`, which is ASCII.
pub(crate) fn parted(text: &str, mark: u8) -> Option<(&str, &str)> {
    let at = text.as_bytes().iter().position(|&byte| byte == mark)?;
    text.split_at_checked(at).map(|(before, after)| (before, after.get(1..).unwrap_or_default()))
}

/// The texts in one, `between` between any two.
pub(crate) fn joined(texts: &[&str], between: &str) -> String {
    let length = texts.iter().map(|text| text.len() + between.len()).sum();
    let mut out = String::with_capacity(length);
    for (number, text) in texts.iter().enumerate() {
        if number > 0 {
            out.push_str(between);
        }
        out.push_str(text);
    }
    out
}

/// The texts in one.
pub(crate) fn concat(texts: &[&str]) -> String {
    joined(texts, "")
}

/// A number of decimal digits alone, if it fits.
pub(crate) fn number(text: &str) -> Option<u64> {
    let mut value = (!text.is_empty()).then_some(0_u64)?;
    for byte in text.bytes() {
        let digit = byte.wrapping_sub(b'0');
        value = value.checked_mul(10)?.checked_add(digit.into()).filter(|_| digit < 10)?;
    }
    Some(value)
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
            prop_assert_eq!(parted(&text, b'a'), text.split_once('a'));
            let texts = [&*text, &*part, &*by];
            prop_assert_eq!((joined(&texts, "键"), concat(&texts)), (texts.join("键"), texts.concat()));
        }

        #[test]
        fn reads_numbers_as_the_standard_library_does(text in "[0-9]{0,22}|[-+0-9a.]{1,3}") {
            prop_assert_eq!(number(&text), text.parse().ok().filter(|_| !text.starts_with('+')));
        }
    }

    #[test]
    fn finds_nothing_empty() {
        assert!(!contains("a", ""));
        assert_eq!(replaced("a", "", "b"), "a");
        assert_eq!((parted("", b','), joined(&[], ",")), (None, String::new()));
    }
}
