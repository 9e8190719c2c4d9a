//! JSON objects written member by member, and whole numbers: without the standard library's formatting machinery, which
//! weighs more than all that is written with it.

use super::decimal::push_digits;
use super::json::write_string;

/// Appends the name of an object's next member, and the comma before it unless it is the first.
pub(crate) fn member(out: &mut String, name: &str) {
    out.push_str(if out.ends_with('{') { "\"" } else { ",\"" });
    out.push_str(name);
    out.push_str("\":");
}

/// Appends a member that is a text, or null.
pub(crate) fn text(out: &mut String, name: &str, text: Option<&str>) {
    member(out, name);
    match text {
        Some(text) => write_string(out, text),
        None => out.push_str("null"),
    }
}

/// Appends a member that is a whole number, or null.
pub(crate) fn number(out: &mut String, name: &str, number: Option<i64>) {
    member(out, name);
    match number {
        Some(number) => push_integer(out, number),
        None => out.push_str("null"),
    }
}

/// Appends a member that is true or false.
pub(crate) fn flag(out: &mut String, name: &str, flag: bool) {
    member(out, name);
    out.push_str(if flag { "true" } else { "false" });
}

/// Appends `number` in decimal.
pub(crate) fn push_integer(out: &mut String, number: i64) {
    if number < 0 {
        out.push('-');
    }
    push_digits(out, number.unsigned_abs(), 1);
}

/// `number` in decimal.
pub(crate) fn number_text(number: u64) -> String {
    let mut text = String::new();
    push_digits(&mut text, number, 1);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_what_serde_json_reads() {
        let mut out = String::from("{");
        text(&mut out, "a", Some("{\"\n{"));
        text(&mut out, "b", None);
        number(&mut out, "c", Some(i64::MIN));
        number(&mut out, "d", None);
        flag(&mut out, "e", true);
        member(&mut out, "f");
        out.push('{');
        flag(&mut out, "g", false);
        out.push_str("}}");
        let expected = serde_json::json!({ "a": "{\"\n{", "b": null, "c": i64::MIN, "d": null, "e": true, "f": { "g": false } });
        assert_eq!(serde_json::from_str::<serde_json::Value>(&out).unwrap(), expected);
    }

    #[test]
    fn writes_whole_numbers() {
        for number in [0, 7, -7, 10, i64::MAX, i64::MIN] {
            let mut out = String::new();
            push_integer(&mut out, number);
            assert_eq!(out, number.to_string());
        }
        assert_eq!(number_text(u64::MAX), u64::MAX.to_string());
    }
}
