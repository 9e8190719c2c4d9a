//! Takes the company's key out of an answer. QCC echoes it as `result.key`; that member is left out, and wherever else the
//! key should stand it is starred. It is done on the JSON's structure: a short key must not cost an answer its letters.

use crate::api::envelope::is_named;
use crate::api::json::{Malformed, Scanner, Text, Type, write_string};
use crate::client::request::percent_encoded;
use crate::text::{contains, replaced};

/// Keys of fewer bytes stand inside other words by accident: they are only looked for as whole strings.
const CERTAIN: usize = 12;

const STARS: &str = "****";

/// `body` without the key; everything else as it came, white space between values aside.
///
/// # Errors
/// [`Malformed`] where it is not JSON.
pub fn without_key(body: &[u8], key: &str) -> Result<Vec<u8>, Malformed> {
    let (encoded, out) = (percent_encoded(key), Vec::with_capacity(body.len()));
    let mut walk = Walk { scanner: Scanner::new(body), key, encoded, out };
    walk.value(0)?;
    walk.scanner.end()?;
    Ok(walk.out)
}

struct Walk<'a, 'k> {
    scanner: Scanner<'a>,
    key: &'k str,
    /// The key as it stands in a URL.
    encoded: String,
    out: Vec<u8>,
}

impl<'a> Walk<'a, '_> {
    /// Copies one value. At depth 0 stands the envelope, at 1 its result: there a member `key` is the echo.
    fn value(&mut self, depth: u32) -> Result<(), Malformed> {
        match self.scanner.peek()? {
            Type::Object => self.object(depth)?,
            Type::Array => {
                let mut inside = self.scanner.array()?;
                self.out.push(b'[');
                let mut first = true;
                while self.scanner.element(&mut inside)? {
                    if !std::mem::take(&mut first) {
                        self.out.push(b',');
                    }
                    // Nothing in a list is the envelope or its result.
                    self.value(u32::MAX)?;
                }
                self.out.push(b']');
            }
            Type::String => {
                let text = self.scanner.string()?;
                self.text(text);
            }
            _ => {
                let raw = self.scanner.skip()?;
                self.out.extend_from_slice(raw.as_bytes());
            }
        }
        Ok(())
    }

    fn object(&mut self, depth: u32) -> Result<(), Malformed> {
        let mut inside = self.scanner.object()?;
        self.out.push(b'{');
        let mut first = true;
        while let Some(name) = self.scanner.key(&mut inside)? {
            let is_string = self.scanner.peek()? == Type::String;
            let echo = depth <= 1 && is_named(name, "key")
                || is_string && self.is_key(self.scanner.clone().string()?);
            if echo {
                self.scanner.skip()?;
                continue;
            }
            if !std::mem::take(&mut first) {
                self.out.push(b',');
            }
            self.text(name);
            self.out.push(b':');
            let below = if depth == 0 && is_named(name, "result") { 1 } else { u32::MAX };
            self.value(below)?;
        }
        self.out.push(b'}');
        Ok(())
    }

    fn is_key(&self, text: Text<'_>) -> bool {
        text.decode().is_ok_and(|text| text == self.key)
    }

    /// Copies a string, the key in it starred.
    fn text(&mut self, text: Text<'a>) {
        let shown = text.decode().ok().and_then(|decoded| self.starred(&decoded));
        match shown {
            Some(shown) => {
                let mut string = String::with_capacity(shown.len() + 2);
                write_string(&mut string, &shown);
                self.out.extend_from_slice(string.as_bytes());
            }
            None => {
                self.out.push(b'"');
                self.out.extend_from_slice(text.raw());
                self.out.push(b'"');
            }
        }
    }

    /// `text` with the key starred; `None` where it has none.
    fn starred(&self, text: &str) -> Option<String> {
        if text == self.key {
            return Some(STARS.to_owned());
        }
        let has_key = |key: &str| key.len() >= CERTAIN && contains(text, key);
        if !has_key(self.key) && !has_key(&self.encoded) {
            return None;
        }
        Some(replaced(&replaced(text, self.key, STARS), &self.encoded, STARS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    const KEY: &str = "9bc448a2ff6511e8890a6c92bf31542f";

    fn cleaned(body: &str, key: &str) -> String {
        String::from_utf8(without_key(body.as_bytes(), key).unwrap()).unwrap()
    }

    #[test]
    fn leaves_the_echo_out_and_the_rest_as_it_came() {
        let body = r#"{"status":"200","msg":"查\u8be2","result":{"requestId":"1", "key":"9bc448a2ff6511e8890a6c92bf31542f","list":[{"n":1.50,"s":"\/"}, null,[true]]}}"#;
        assert_eq!(
            cleaned(body, KEY),
            r#"{"status":"200","msg":"查\u8be2","result":{"requestId":"1","list":[{"n":1.50,"s":"\/"},null,[true]]}}"#
        );
        assert_eq!(
            cleaned(r#"{"Result":{"KEY":7,"a":{"key":"x"}},"Key":null}"#, KEY),
            r#"{"Result":{"a":{"key":"x"}}}"#
        );
        assert_eq!(cleaned("\u{FEFF} {} ", KEY), "{}");
    }

    #[test]
    fn stars_the_key_wherever_else_it_stands() {
        let escaped: String = KEY.chars().map(|c| format!("\\u{:04x}", c as u32)).collect();
        for inside in [KEY, &escaped] {
            let body =
                format!(r#"{{"msg":"a {inside} b","x":"{inside}","list":["{inside}",{{"{inside}x":1}}]}}"#);
            assert_eq!(cleaned(&body, KEY), r#"{"msg":"a **** b","list":["****",{"****x":1}]}"#);
        }
        assert_eq!(cleaned(r#"{"u":"?key=%E9%94%AE%E9%94%AE&x"}"#, "键键"), r#"{"u":"?key=****&x"}"#);
    }

    #[test]
    fn spares_words_that_only_contain_a_short_key() {
        let body = r#"{"status":"200","result":{"key":"k","list":[{"kk":"key"},"k"]}}"#;
        assert_eq!(cleaned(body, "k"), r#"{"status":"200","result":{"list":[{"kk":"key"},"****"]}}"#);
    }

    #[test]
    fn refuses_what_is_not_json() {
        for body in ["", "<html>", "{", "{}x", r#"{"a"}"#] {
            assert!(without_key(body.as_bytes(), KEY).is_err(), "{body}");
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(json!(null)),
            any::<i64>().prop_map(|n| json!(n)),
            any::<bool>().prop_map(|b| json!(b)),
            any::<String>().prop_map(|s| json!(s)),
            ".{0,3}".prop_map(|s| json!(format!("{s}{KEY}{s}"))),
            Just(json!(KEY)),
        ];
        let name = prop_oneof![
            "[a-z]{1,3}",
            Just("key".to_owned()),
            Just("result".to_owned()),
            Just(KEY.to_owned())
        ];
        leaf.prop_recursive(4, 64, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((name.clone(), inner), 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn leaves_no_key_anywhere_and_changes_nothing_else(value in any_json()) {
            let text = cleaned(&value.to_string(), KEY);
            prop_assert!(!text.contains(KEY));
            let again: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(cleaned(&text, KEY), text.clone());
            if !value.to_string().contains(KEY) && !value.to_string().contains("\"key\"") {
                prop_assert_eq!(again, value);
            }
        }

        #[test]
        fn never_panics(body: Vec<u8>, key: String) {
            let _ = without_key(&body, &key);
        }
    }
}
