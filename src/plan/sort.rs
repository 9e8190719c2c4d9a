//! Sorting what a plan is made of: calls of twenty, lists of pairs and names, each once per plan.

use crate::sort;

/// Sorts a short list in place.
pub(crate) fn few(list: &mut [u32]) {
    for end in 1..list.len() {
        let mut at = end;
        while at > 0 && list.get(at) < list.get(at - 1) {
            list.swap(at, at - 1);
            at -= 1;
        }
    }
}

/// Two names as one number, the smaller name first: pairs so sorted are sorted by both.
pub(crate) fn pair(a: u32, b: u32) -> u64 {
    u64::from(a.min(b)) << 32 | u64::from(a.max(b))
}

/// The two names of a pair.
pub(crate) fn names(pair: u64) -> [u32; 2] {
    [(pair >> 32) as u32, pair as u32]
}

/// Sorts pairs, and takes out those that stand twice.
pub(crate) fn pairs(list: &mut Vec<u64>) {
    *list = sort::sorted(list);
    list.dedup();
}

/// The numbers 0 … count − 1 in the order that `less` gives, equal ones in their own.
pub(crate) fn by(count: u32, less: &dyn Fn(u32, u32) -> bool) -> Vec<u32> {
    sort::places(count as usize, less)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_as_the_standard_library_does() {
        let mut state = 1u32;
        for count in 0..200usize {
            let mut next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state >> 24
            };
            let list: Vec<u32> = (0..count).map(|_| next()).collect();
            let mut sorted = list.clone();
            sorted.sort_unstable();
            let mut ours = list.clone();
            few(&mut ours);
            assert_eq!(ours, sorted);

            let mut order: Vec<u32> = (0..count as u32).collect();
            order.sort_by_key(|&at| list[at as usize]);
            assert_eq!(by(count as u32, &|a, b| list[a as usize] < list[b as usize]), order);

            let mut drawn: Vec<u64> = list.iter().map(|&a| pair(a % 7, a / 7 % 5)).collect();
            assert!(list.iter().all(|&a| names(pair(a % 7, a)) == [a % 7, a]));
            let mut known = drawn.clone();
            known.sort_unstable();
            known.dedup();
            pairs(&mut drawn);
            assert_eq!(drawn, known);
        }
    }
}
