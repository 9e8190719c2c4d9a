//! Company names, normalised and valid by construction.
//!
//! Source: 《合作关系挖掘查询》 section 6.2.1 «请求参数»: `companyNames`, 公司名称，多个公司之间用英文逗号分隔（最大允许企业数量
//! 20）; status 213: 参数长度不能小于 2. The document does not say how names are matched; registered names with full-width
//! brackets are assumed. Unicode NFC is the caller's to apply: JavaScript has it built in, and its tables would weigh more
//! than this whole module.

use super::decimal::push_digits;
use super::json;
use super::words::{has_bracket, same};
use crate::sort;
use crate::text::joined;
use std::borrow::Cow;

/// The most names one call may carry (最大允许企业数量 20).
pub const MAX_NAMES: usize = 20;

/// The fewest characters a name may have (status 213).
pub const MIN_CHARS: usize = 2;

/// A name that can be sent: trimmed, with full-width brackets where it is Chinese, without comma or control character.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CompanyName(String);

/// Why a name or a list of names cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameError {
    /// The list has no name.
    Empty,
    /// The list has more than [`MAX_NAMES`] different names; how many.
    TooMany(usize),
    /// The name at this place has fewer than [`MIN_CHARS`] characters.
    TooShort(usize, String),
    /// The name at this place has an ASCII comma: the server would read two names.
    Comma(usize, String),
    /// The name at this place has a control character inside.
    Control(usize, String),
    /// The name at this place has U+FFFD, the trace of text that was decoded wrongly.
    Undecoded(usize, String),
}

impl NameError {
    /// What is wrong, in Chinese and English, naming the value.
    pub fn message(&self) -> String {
        let mut out = String::new();
        let named = |out: &mut String, zh: &str, en: &str, at: usize, name: &str| {
            out.push_str(zh);
            out.push_str(" (company name ");
            push_digits(out, at as u64 + 1, 1);
            out.push_str(", ");
            let shown = name.chars().take(60).map(char::len_utf8).sum();
            json::write_string(out, name.get(..shown).unwrap_or_default());
            out.push_str(", ");
            out.push_str(en);
            out.push(')');
        };
        match self {
            NameError::Empty => out.push_str("企业名称为空 (no company name was given)"),
            NameError::TooMany(count) => {
                out.push_str("企业数量超过上限 (");
                push_digits(&mut out, *count as u64, 1);
                out.push_str(" company names, at most 20 fit into one call; scan() takes any number)");
            }
            NameError::TooShort(at, name) => {
                named(&mut out, "参数长度不能小于 2", "has fewer than 2 characters", *at, name);
            }
            NameError::Comma(at, name) => {
                let en = "has an ASCII comma, which separates names on the wire";
                named(&mut out, "企业名称不能含英文逗号", en, *at, name);
            }
            NameError::Control(at, name) => {
                named(&mut out, "企业名称含控制字符", "has a control character", *at, name);
            }
            NameError::Undecoded(at, name) => {
                let en = "has a character that was decoded wrongly (U+FFFD); is the list UTF-8?";
                named(&mut out, "企业名称含无法解码的字符", en, *at, name);
            }
        }
        out
    }
}

impl CompanyName {
    /// Normalises `name` and checks that it can be sent; `at` is its place in the caller's list, for the error.
    ///
    /// # Errors
    /// [`NameError`], naming the value.
    pub fn parse(name: &str, at: usize) -> Result<Self, NameError> {
        let name = normalise(name);
        check(&name, at)?;
        Ok(Self(name.into_owned()))
    }

    /// The name as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a normalised name can be sent.
#[cfg_attr(wasm_module, optimize(speed))]
fn check(name: &str, at: usize) -> Result<(), NameError> {
    let mut chars = 0;
    for character in name.chars() {
        match character {
            ',' => return Err(NameError::Comma(at, name.to_owned())),
            '\u{FFFD}' => return Err(NameError::Undecoded(at, name.to_owned())),
            control if control.is_control() => return Err(NameError::Control(at, name.to_owned())),
            _ => chars += 1,
        }
    }
    if chars < MIN_CHARS { Err(NameError::TooShort(at, name.to_owned())) } else { Ok(()) }
}

/// `name` without white space and invisible marks around it, its half-width brackets made full-width where it has a Chinese
/// character: registered Chinese names have full-width ones. Reads any text; what comes back may still be unfit to send.
pub fn normalise(name: &str) -> Cow<'_, str> {
    let around =
        |c: char| c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200B}'..='\u{200D}' | '\u{2060}');
    let name = if has_plain_ends(name.as_bytes()) { name } else { name.trim_matches(around) };
    if !has_bracket(name.as_bytes()) || !name.chars().any(is_chinese) {
        return Cow::Borrowed(name);
    }
    name.chars()
        .map(|c| match c {
            '(' => '（',
            ')' => '）',
            other => other,
        })
        .collect()
}

/// Whether the first character and the last are such as most names begin and end with, no white space for certain: ASCII's
/// visible ones, or those from U+4000 to U+9FFF.
#[inline(always)]
pub(super) fn has_plain_ends(name: &[u8]) -> bool {
    matches!(name, [b'!'..=b'~' | 0xE4..=0xE9, ..])
        && matches!(name, [.., b'!'..=b'~'] | [.., 0xE4..=0xE9, _, _])
}

fn is_chinese(character: char) -> bool {
    matches!(character, '\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{2_0000}'..='\u{3_FFFF}')
}

/// The names of one call: 1 to [`MAX_NAMES`] different ones, each with the first place in the caller's list that had it. As they
/// are sent, in one text: twenty would be made and dropped for each call. The default, of a question about no company, has none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CallNames {
    joined: String,
    /// Where each begins in it, and where each ends.
    spans: Vec<(usize, usize)>,
    places: Vec<u32>,
}

impl CallNames {
    /// Reads a caller's list; doubled names are kept once.
    ///
    /// # Errors
    /// [`NameError`] for the first thing that cannot be sent.
    pub fn parse<'a>(list: impl IntoIterator<Item = &'a str>) -> Result<Self, NameError> {
        let mut call = Self::default();
        for (at, name) in list.into_iter().enumerate() {
            let name = normalise(name);
            check(&name, at)?;
            if call.position(&name).is_none() {
                call.add(&name, at as u32);
            }
        }
        match call.spans.len() {
            0 => Err(NameError::Empty),
            1..=MAX_NAMES => Ok(call),
            count => Err(NameError::TooMany(count)),
        }
    }

    /// Adds a name that is none of the others and can be sent as it is.
    pub(crate) fn add(&mut self, name: &str, place: u32) {
        if !self.joined.is_empty() {
            self.joined.push(',');
        }
        let start = self.joined.len();
        self.joined.push_str(name);
        self.spans.push((start, self.joined.len()));
        self.places.push(place);
    }

    /// The names, in the caller's order.
    pub fn names(&self) -> Vec<&str> {
        self.spans.iter().map(|&span| self.at(span)).collect()
    }

    /// Which of the names this is.
    #[cfg_attr(wasm_module, optimize(speed))]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.spans.iter().position(|&(start, end)| {
            end - start == name.len() && same(self.at((start, end)).as_bytes(), name.as_bytes())
        })
    }

    #[inline(always)]
    fn at(&self, (start, end): (usize, usize)) -> &str {
        self.joined.get(start..end).unwrap_or_default()
    }

    /// For each name, its first place in the caller's list.
    pub fn places(&self) -> &[u32] {
        &self.places
    }

    /// The value of the parameter `companyNames`.
    pub fn joined(&self) -> &str {
        &self.joined
    }

    /// The same names in an order of their own, the caller's put aside: what the question is, whoever asks.
    pub fn canonical(&self) -> String {
        joined(&sort::sorted(&self.names()), ",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn normalises_as_registered_names_are_written() {
        for (given, sent) in [
            ("  企查查科技股份有限公司\u{3000}\n", "企查查科技股份有限公司"),
            ("\u{FEFF}华为(中国)有限公司", "华为（中国）有限公司"),
            ("(筹)某公司", "（筹）某公司"),
            ("Foo (China) Ltd.", "Foo (China) Ltd."),
            ("Foo（中国）", "Foo（中国）"),
        ] {
            assert_eq!(CompanyName::parse(given, 0).unwrap().as_str(), sent);
        }
    }

    #[test]
    fn names_what_cannot_be_sent() {
        let error = |list: &[&str]| CallNames::parse(list.iter().copied()).unwrap_err();
        assert_eq!(error(&[]), NameError::Empty);
        assert_eq!(error(&["好的", " 键 "]), NameError::TooShort(1, "键".into()));
        assert_eq!(error(&[""]), NameError::TooShort(0, String::new()));
        assert_eq!(error(&["Foo Co., Ltd."]), NameError::Comma(0, "Foo Co., Ltd.".into()));
        assert_eq!(error(&["甲\u{7}乙"]), NameError::Control(0, "甲\u{7}乙".into()));
        assert_eq!(error(&["甲\u{FFFD}乙"]), NameError::Undecoded(0, "甲\u{FFFD}乙".into()));
        let many: Vec<_> = (0..21).map(|n| format!("公司{n}")).collect();
        let many: Vec<_> = many.iter().map(String::as_str).collect();
        assert_eq!(error(&many), NameError::TooMany(21));
        assert!(error(&["Foo Co., Ltd."]).message().contains("\"Foo Co., Ltd.\""));
    }

    #[test]
    fn sends_doubled_names_once_and_knows_their_place() {
        let call = CallNames::parse(["甲公司", "乙(丙)", "甲公司 ", "乙（丙）", "丁公司"]).unwrap();
        assert_eq!(call.joined(), "甲公司,乙（丙）,丁公司");
        assert_eq!(call.places(), [0, 1, 4]);
    }

    #[test]
    fn is_the_same_question_in_any_order() {
        let one = CallNames::parse(["甲公司", "乙公司"]).unwrap();
        let two = CallNames::parse(["乙公司", "甲公司"]).unwrap();
        assert_eq!(one.canonical(), two.canonical());
        assert_ne!(one.joined(), two.joined());
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in any::<String>()) {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once.as_ref());
        }

        #[test]
        fn a_valid_name_stays_one_name_on_the_wire(text in any::<String>()) {
            if let Ok(name) = CompanyName::parse(&text, 0) {
                prop_assert_eq!(name.as_str().split(',').count(), 1);
                prop_assert!(name.as_str().chars().count() >= MIN_CHARS);
                let call = CallNames::parse([name.as_str()]).unwrap();
                prop_assert_eq!(call.joined(), name.as_str());
            }
        }
    }
}
