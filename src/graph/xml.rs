//! Text in XML 1.0.

use super::export::{put, put_escaped};

/// The first line of an XML file.
pub(super) const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// What XML 1.0 cannot hold, not even escaped.
fn is_illegal(c: char) -> bool {
    matches!(c, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether XML 1.0 can hold `text` unchanged.
pub(super) fn is_legal(text: &str) -> bool {
    !text.contains(is_illegal)
}

/// Writes `text` so that it is read back as it is, in an element or in a quoted attribute; white space too, which would else
/// be made blanks. U+FFFD takes the place of characters that XML cannot hold.
pub(super) fn push(out: &mut String, text: &str) {
    let is_special = |c| matches!(c, '&' | '<' | '>' | '"' | '\t' | '\n' | '\r') || is_illegal(c);
    put_escaped(out, text, &is_special, &|out, c| {
        put(
            out,
            match c {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '\t' => "&#9;",
                '\n' => "&#10;",
                '\r' => "&#13;",
                _ => "\u{fffd}",
            },
        );
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_would_be_read_otherwise() {
        let mut out = String::new();
        push(&mut out, "a<&>\"'\t\r\n\u{1}\u{ffff}（企）😀");
        assert_eq!(out, "a&lt;&amp;&gt;&quot;'&#9;&#13;&#10;\u{fffd}\u{fffd}（企）😀");
        assert!(is_legal("a\t（企）😀\u{7f}") && !is_legal("\u{0}") && !is_legal("x\u{1f}"));
    }
}
