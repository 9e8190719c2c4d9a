//! The scanner against serde_json, which is the judge of what JSON is.

use super::*;
use proptest::prelude::*;
use serde_json::Value;

/// What the scanner makes of a text, as serde_json's tree.
fn tree(bytes: &[u8]) -> Option<Value> {
    fn value(scanner: &mut Scanner<'_>) -> Result<Value, Malformed> {
        Ok(match scanner.peek()? {
            Type::Object => {
                let mut map = serde_json::Map::new();
                let mut inside = scanner.object()?;
                while let Some(key) = scanner.key(&mut inside)? {
                    let key = key.decode()?.into_owned();
                    map.insert(key, value(scanner)?);
                }
                Value::Object(map)
            }
            Type::Array => {
                let mut items = Vec::new();
                let mut inside = scanner.array()?;
                while scanner.element(&mut inside)? {
                    items.push(value(scanner)?);
                }
                Value::Array(items)
            }
            Type::String => Value::String(scanner.string()?.decode()?.into_owned()),
            Type::Number => serde_json::from_str(scanner.number()?).unwrap(),
            Type::Bool | Type::Null => serde_json::from_str(scanner.skip()?).unwrap(),
        })
    }
    let mut scanner = Scanner::new(bytes);
    let tree = value(&mut scanner).ok()?;
    scanner.end().ok()?;
    Some(tree)
}

fn skips(bytes: &[u8]) -> bool {
    let mut scanner = Scanner::new(bytes);
    scanner.skip().is_ok() && scanner.end().is_ok()
}

fn agrees(bytes: &[u8]) {
    let judge: Option<Value> = serde_json::from_slice(bytes).ok();
    let shown = String::from_utf8_lossy(bytes);
    assert_eq!(tree(bytes), judge, "{shown}");
    assert_eq!(skips(bytes), judge.is_some(), "{shown}");
}

#[test]
fn reads_and_refuses_what_serde_json_does() {
    let corners: [&[u8]; 68] = [
        b"",
        b" ",
        b"{}",
        b"[]",
        b"[ ]",
        b"{ }",
        b"[1,]",
        b"[,1]",
        b"{\"a\":1,}",
        b"{,}",
        b"[1 2]",
        b"{\"a\" 1}",
        b"{\"a\":}",
        b"{a:1}",
        b"null",
        b"nul",
        b"nulll",
        b"true",
        b"false",
        b"tru",
        b"True",
        b"0",
        b"-0",
        b"00",
        b"01",
        b"-",
        b"-a",
        b"1.",
        b".5",
        b"1.5",
        b"1e5",
        b"1E+5",
        b"1e-5",
        b"1e",
        b"1e+",
        b"+1",
        b"1e400",
        b"123456789012345678901234567890",
        b"0x1",
        b"NaN",
        b"Infinity",
        b"\"\"",
        b"\"a",
        b"\"\\\"",
        b"\"\\n\"",
        b"\"\\x\"",
        b"\"\\u12\"",
        b"\"\\u00e9\"",
        b"\"\\uD83D\\uDE00\"",
        b"\"\\uD83D\"",
        b"\"\\uDE00\"",
        b"\"\\uD83Dx\"",
        b"\"\\uD83D\\u0041\"",
        b"\"\x01\"",
        b"\"\x7f\"",
        b"\"\xff\"",
        b"\"\xed\xa0\x80\"",
        b"\"\xc0\xaf\"",
        b"{\"a\":1,\"a\":2}",
        b"{\"\":0}",
        b" [ 1 , 2 ] ",
        b"[1]x",
        b"[1]\n\t\r ",
        b"\x0c[1]",
        b"[[[[]]]]",
        b"[1]]",
        b"{\"a\":[{\"b\":null}]}",
        b"\"\\u0000\"",
    ];
    for corner in corners {
        agrees(corner);
    }
    for depth in [126, 127, 128, 129] {
        agrees(&[vec![b'['; depth], vec![b']'; depth]].concat());
    }
}

#[test]
fn refuses_200_000_brackets_without_overflow() {
    assert_eq!(tree(&vec![b'['; 200_000]), None);
    assert!(!skips(&vec![b'['; 200_000]));
}

#[test]
fn finds_the_closing_quote_at_any_distance() {
    for length in 0..40 {
        for special in ["", "\\\"", "é", "键", "\\\\"] {
            agrees(
                format!("[\"{}{special}{}\"]", "x".repeat(length), "\u{80}".repeat(length % 9)).as_bytes(),
            );
        }
    }
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn agrees_with_serde_json_on_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        agrees(&bytes);
    }

    #[test]
    fn agrees_with_serde_json_on_json_like_text(text in r#"[\[\]{}:,"\\/bfnrtu0-9aeE.+ -]{0,40}"#) {
        agrees(text.as_bytes());
    }

    #[test]
    fn reads_back_what_serde_json_writes(value in json()) {
        agrees(value.to_string().as_bytes());
        agrees(serde_json::to_string_pretty(&value).unwrap().as_bytes());
    }

    #[test]
    fn agrees_on_cut_and_changed_json(value in json(), cut in 0.0..1.0, byte in any::<u8>()) {
        let mut text = value.to_string().into_bytes();
        let at = (text.len() as f64 * cut) as usize;
        text[at] = byte;
        agrees(&text);
        agrees(&text[..at]);
    }

    #[test]
    fn writes_strings_that_read_back(text in any::<String>()) {
        let mut out = String::new();
        write_string(&mut out, &text);
        prop_assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
    }
}
