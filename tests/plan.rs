//! Plans are taken apart call by call: every pair that was asked for is in one, and nothing else is claimed.

use qcc_pro::plan::{Layout, Question};

/// One bit for each pair of names.
struct Seen {
    bits: Vec<u64>,
}

impl Seen {
    fn by(layout: &Layout, names: u32, call_size: u32) -> Self {
        let names = names as usize;
        let mut seen = Self { bits: vec![0; (names * names).div_ceil(64)] };
        for index in 0..layout.calls() {
            let call = layout.call(index).expect("a call below the count");
            assert!((2..=call_size as usize).contains(&call.len()), "call {index} has {} names", call.len());
            assert!(
                call.windows(2).all(|w| w[0] < w[1]) && (*call.last().unwrap() as usize) < names,
                "{call:?}"
            );
            for (i, &a) in call.iter().enumerate() {
                for &b in &call[i + 1..] {
                    let bit = a as usize * names + b as usize;
                    seen.bits[bit / 64] |= 1 << (bit % 64);
                }
            }
        }
        assert_eq!(layout.call(layout.calls()), None);
        seen
    }

    fn pairs(&self) -> u64 {
        self.bits.iter().map(|word| u64::from(word.count_ones())).sum()
    }
}

fn assert_covers_all(n: u32, call_size: u32) -> Layout {
    let layout = Layout::new(&Question::Among { n }, &[], call_size);
    let all = u64::from(n) * u64::from(n - 1) / 2;
    assert_eq!(layout.pairs(), all);
    assert_eq!(Seen::by(&layout, n, call_size).pairs(), all, "n = {n}, call size {call_size}");
    assert!(layout.lower_bound() <= layout.calls(), "n = {n}, call size {call_size}");
    assert!(layout.calls() <= layout.naive_calls(), "n = {n}, call size {call_size}");
    layout
}

#[test]
fn every_pair_is_covered_for_2_to_2000_names() {
    for n in 2..=2000 {
        assert_covers_all(n, 20);
    }
}

#[test]
fn every_pair_is_covered_for_every_call_size_up_to_200_names() {
    for call_size in 2..=20 {
        for n in 2..=200 {
            assert_covers_all(n, call_size);
        }
    }
}
