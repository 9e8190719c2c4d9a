//! Who deals with whom. A pair's relations depend on its two names and the seed alone, not on the call, the order of the
//! names or the other names in the call, so that every plan that covers the same pairs finds the same graph.
//!
//! The graph is scale-free, as real supply chains are found to be: a company's weight is drawn from a power law by the
//! hash of its name, and two companies deal with a probability in proportion to the product of their weights (the
//! Chung–Lu model). Only `+ * / sqrt` on `f64` are used, which IEEE 754 defines to the last bit: the same graph on every machine.

use super::options::GivenRelation;
use crate::api::partnership::RelationRef;
use std::collections::HashSet;

/// The document's example, 6.2.1 «Json 返回示例».
pub(super) const EXAMPLE: RelationRef<'static> = RelationRef {
    company_name: "企查查科技股份有限公司",
    related_company_name: "大连银行股份有限公司",
    amount: Some("34.8"),
    public_date: Some("2021-11"),
    source: Some("招投标"),
    extra: None,
};

/// The four public sources that the document's section 1 names.
const SOURCES: [&str; 4] = ["招投标", "企业公告", "企业年报", "司法数据"];

/// The heaviest company deals with about this many times as many partners as the average one.
const MAX_WEIGHT: f64 = 100.0;

/// Spreads every bit of `x` over the result (the finaliser of SplitMix64).
pub(super) const fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// The upper 53 bits of a hash as a number from 0 up to, not with, 1.
pub(super) fn unit(hash: u64) -> f64 {
    (hash >> 11) as f64 / (1_u64 << 53) as f64
}

/// Numbers drawn one after another from one hash (SplitMix64).
#[derive(Debug, Clone, Copy)]
pub(super) struct Draw(pub u64);

impl Draw {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// 0 up to, not with, `bound`.
    pub fn below(&mut self, bound: u32) -> u32 {
        (((self.next() >> 32) * u64::from(bound)) >> 32) as u32
    }
}

/// A company of one call, with all that its pairs need worked out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Party<'a> {
    pub name: &'a str,
    pub hash: u64,
    weight: f64,
}

/// One drawn row, not yet text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    /// In yuan; `None` where the source does not disclose it.
    yuan: Option<u64>,
    year: u32,
    /// 0: only the year is known.
    month: u32,
    /// 0: only the month is known.
    day: u32,
    source: &'static str,
}

/// All relations there are, drawn or given.
#[derive(Debug)]
pub(super) struct Market {
    seed: u64,
    density: f64,
    /// By the pair's hash, then as they were given.
    given: Vec<(u64, GivenRelation)>,
}

impl Market {
    pub fn new(seed: u64, density: f64, relations: &[GivenRelation]) -> Self {
        let mut market = Self { seed: mix(seed ^ 0x9157_F4A3_C8B2_6D01), density, given: Vec::new() };
        let given: Vec<_> = relations
            .iter()
            .map(|r| (market.pair_of(&r.company_name, &r.related_company_name), r.clone()))
            .collect();
        let example = market.pair_of(EXAMPLE.company_name, EXAMPLE.related_company_name);
        let replaced = given.iter().any(|(pair, _)| *pair == example);
        market.given = given;
        if !replaced {
            market.given.push((example, owned(&EXAMPLE)));
        }
        market.given.sort_by_key(|(pair, _)| *pair);
        market
    }

    /// What the pairs of this company need to know of it.
    pub fn party<'a>(&self, name: &'a str) -> Party<'a> {
        let hash = self.name_hash(name);
        // u^(-5/8), a Pareto law: degrees then follow a power law with exponent 2.6. Its mean, 8/3, is divided out.
        let u = 1.0 - unit(mix(hash));
        let root = u.sqrt();
        let weight = 3.0 / 8.0 / (root * root.sqrt().sqrt());
        Party { name, hash, weight: weight.min(MAX_WEIGHT) }
    }

    fn name_hash(&self, name: &str) -> u64 {
        let fnv = name.bytes().fold(0xCBF2_9CE4_8422_2325 ^ self.seed, |h, byte| {
            (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
        mix(fnv)
    }

    /// Whether they deal: with a probability in proportion to both weights where that is small, and towards 1 where it
    /// is not; with a density of 1 it is 1.
    fn deal(&self, pair: u64, a: &Party<'_>, b: &Party<'_>) -> bool {
        let odds = self.density * a.weight * b.weight;
        // unit < odds / (odds + 1 - density), without the division.
        unit(pair) * (odds + 1.0 - self.density) < odds
    }

    fn pair_of(&self, a: &str, b: &str) -> u64 {
        pair_hash(self.name_hash(a), self.name_hash(b))
    }

    /// Every relation among these companies, to `found`. Doubled names count once.
    pub fn among<'a>(
        &self,
        names: impl IntoIterator<Item = &'a str>,
        mut found: impl FnMut(&RelationRef<'_>),
    ) {
        let mut parties: Vec<Party<'_>> = Vec::new();
        let mut seen = HashSet::new();
        for party in names.into_iter().map(|name| self.party(name)) {
            if seen.insert(party.hash) {
                parties.push(party);
            }
        }
        for (index, a) in parties.iter().enumerate() {
            for b in &parties[index + 1..] {
                self.relations(a, b, &mut found);
            }
        }
    }

    /// Every relation between the two, to `found`.
    fn relations(&self, a: &Party<'_>, b: &Party<'_>, mut found: impl FnMut(&RelationRef<'_>)) {
        let pair = pair_hash(a.hash, b.hash);
        let start = self.given.partition_point(|(given, _)| *given < pair);
        let given = self.given[start..].iter().take_while(|(given, _)| *given == pair);
        let mut any = false;
        for (_, relation) in given {
            any = true;
            found(&borrowed(relation));
        }
        if !any && self.deal(pair, a, b) {
            draw(pair, a, b, found);
        }
    }
}

/// The same for both orders.
const fn pair_hash(a: u64, b: u64) -> u64 {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    mix(low ^ mix(high).rotate_left(23))
}

/// One to three rows between two companies that deal with one another.
fn draw(pair: u64, a: &Party<'_>, b: &Party<'_>, mut found: impl FnMut(&RelationRef<'_>)) {
    let (low, high) = if a.hash < b.hash { (a, b) } else { (b, a) };
    let mut random = Draw(pair);
    let (from, to) = if random.below(2) == 0 { (low, high) } else { (high, low) };
    let rows = match random.below(100) {
        0..78 => 1,
        78..92 => 2,
        _ => 3,
    };
    let size = a.weight * b.weight;
    let mut row = draw_row(&mut random, size);
    for index in 0..rows {
        // Now and then the same row stands twice in one answer: two lots of one tender, for instance.
        if index > 0 && random.below(100) >= 12 {
            row = draw_row(&mut random, size);
        }
        let amount = row.yuan.map(wan_text);
        found(&RelationRef {
            company_name: from.name,
            related_company_name: to.name,
            amount: amount.as_deref(),
            public_date: Some(&date_text(&row)),
            source: Some(row.source),
            extra: None,
        });
    }
}

/// A row whose parts go together: where it was published decides how exact the date is, the partners' weight how much money.
fn draw_row(random: &mut Draw, size: f64) -> Row {
    let source = match random.below(100) {
        0..55 => 0,
        55..75 => 1,
        75..90 => 2,
        _ => 3,
    };
    // Most contracts are worth some hundreds of thousands to some tens of millions of yuan.
    let zeros = match random.below(100) {
        0..8 => 4,
        8..35 => 5,
        35..68 => 6,
        68..88 => 7,
        88..97 => 8,
        _ => 9,
    } + u32::from(size > 20.0);
    let power = 10_u64.pow(zeros);
    let exact = power + random.next() % (9 * power);
    let rounded_to = match random.below(10) {
        0..3 => power / 10,
        3..6 => 1000,
        6..9 => 100,
        _ => 1,
    };
    let yuan = (random.below(100) >= 3).then_some(exact - exact % rounded_to);
    // 2015-01 to 2026-06; what is recent is found more often.
    let months = random.below(138).max(random.below(138));
    let (year, month) = (2015 + months / 12, months % 12 + 1);
    let day = 1 + random.below(days_in(year, month));
    let coin = random.below(100);
    let (year, month, day) = match source {
        0 if coin < 70 => (year, month, 0),
        1 if coin < 40 => (year, month, 0),
        // An annual report is of a year that is over.
        2 if coin < 50 => (year.min(2025), 0, 0),
        2 => (year.min(2025), 12, 31),
        _ => (year, month, day),
    };
    Row { yuan, year, month, day, source: SOURCES[source] }
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(year.is_multiple_of(4)),
        _ => 31,
    }
}

/// Yuan as 万元, with the decimals it takes and no more: 348000 is `34.8`.
fn wan_text(yuan: u64) -> String {
    let mut text = (yuan / 10_000).to_string();
    let rest = yuan % 10_000;
    if rest > 0 {
        text.push('.');
        let (mut unit, mut left) = (1000, rest);
        while left > 0 {
            text.push(char::from(b'0' + (left / unit) as u8));
            left %= unit;
            unit /= 10;
        }
    }
    text
}

fn date_text(row: &Row) -> String {
    let mut text = row.year.to_string();
    for part in [row.month, row.day] {
        if part > 0 {
            text.push('-');
            text.push(char::from(b'0' + (part / 10) as u8));
            text.push(char::from(b'0' + (part % 10) as u8));
        }
    }
    text
}

fn borrowed(relation: &GivenRelation) -> RelationRef<'_> {
    RelationRef {
        company_name: &relation.company_name,
        related_company_name: &relation.related_company_name,
        amount: relation.amount.as_deref(),
        public_date: relation.public_date.as_deref(),
        source: relation.source.as_deref(),
        extra: relation.extra.as_deref(),
    }
}

fn owned(relation: &RelationRef<'_>) -> GivenRelation {
    let text = |part: Option<&str>| part.map(str::to_owned);
    GivenRelation {
        company_name: relation.company_name.to_owned(),
        related_company_name: relation.related_company_name.to_owned(),
        amount: text(relation.amount),
        public_date: text(relation.public_date),
        source: text(relation.source),
        extra: text(relation.extra),
    }
}
