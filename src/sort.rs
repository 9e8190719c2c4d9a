//! Sorting in little code. The standard library's sorts are faster, and each costs hundreds of bytes, if not kilobytes, for
//! every type that is sorted and every order it is sorted in; here all of them share one.

/// Sorts numbers in the order that `less` gives, equal ones in their own: merged from runs.
pub(crate) fn numbers(numbers: &mut Vec<u32>, less: &dyn Fn(u32, u32) -> bool) {
    let mut from = std::mem::take(numbers);
    let mut to = Vec::with_capacity(from.len());
    let mut run = 1;
    while run < from.len() {
        to.clear();
        for both in from.chunks(2 * run) {
            let (mut left, mut right) = both.split_at(run.min(both.len()));
            while let (Some((&a, after_a)), Some((&b, after_b))) = (left.split_first(), right.split_first()) {
                if less(b, a) {
                    to.push(b);
                    right = after_b;
                } else {
                    to.push(a);
                    left = after_a;
                }
            }
            to.extend_from_slice(left);
            to.extend_from_slice(right);
        }
        std::mem::swap(&mut from, &mut to);
        run *= 2;
    }
    *numbers = from;
}

/// The numbers 0 … count − 1 in the order that `less` gives, equal ones in their own.
pub(crate) fn places(count: usize, less: &dyn Fn(u32, u32) -> bool) -> Vec<u32> {
    let mut places = (0..count as u32).collect();
    numbers(&mut places, less);
    places
}

/// `list` sorted, by way of [`places`].
pub(crate) fn sorted<T: Copy + PartialOrd>(list: &[T]) -> Vec<T> {
    let mut sorted = Vec::with_capacity(list.len());
    for at in places(list.len(), &|a, b| list.get(a as usize) < list.get(b as usize)) {
        sorted.extend_from_slice(list.get(at as usize).map_or(&[], std::slice::from_ref));
    }
    sorted
}

/// The numbers 0 … count − 1 that `keep` takes.
pub(crate) fn chosen(count: usize, keep: &dyn Fn(u32) -> bool) -> Vec<u32> {
    let mut chosen = Vec::new();
    for number in 0..count as u32 {
        if keep(number) {
            chosen.push(number);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sorts_as_the_standard_library_does(list in prop::collection::vec(0_u32..50, 0..200)) {
            let mut expected = list.clone();
            expected.sort_by_key(|number| std::cmp::Reverse(number / 10));
            let mut sorted_ = list.clone();
            numbers(&mut sorted_, &|a, b| b / 10 < a / 10);
            prop_assert_eq!(sorted_, expected);
            let mut expected = list.clone();
            expected.sort_unstable();
            prop_assert_eq!(sorted(&list), expected);
        }
    }
}
