//! Finite fields GF(q) for every prime power q, and the integers modulo m where a field is not needed.
//!
//! Knows nothing of covers. The elements are 0 … q − 1; for q = pᵉ the digits of an element in base p are the
//! coefficients of a polynomial, and the modulus is the first primitive polynomial in that order, so that the numbering
//! is the same on every machine and in every version (plans that were stored depend on it).

/// q as pᵉ, or nothing when q is not a prime power.
pub(crate) fn prime_power(q: u32) -> Option<(u32, u32)> {
    if q < 2 {
        return None;
    }
    let mut p = 2;
    while p * p <= q && !q.is_multiple_of(p) {
        p += 1;
    }
    if !q.is_multiple_of(p) {
        return Some((q, 1));
    }
    let (mut rest, mut e) = (q, 0);
    while rest.is_multiple_of(p) {
        rest /= p;
        e += 1;
    }
    (rest == 1).then_some((p, e))
}

/// A field, or the ring of the integers modulo `order` when that is no prime power.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    order: u32,
    p: u32,
    /// Powers of the primitive element, and their inverse; empty where arithmetic modulo `order` does.
    exp: Vec<u32>,
    log: Vec<u32>,
}

impl Field {
    pub(crate) fn new(order: u32) -> Self {
        let (p, e) = prime_power(order).unwrap_or((order, 1));
        let mut field = Self { order, p, exp: Vec::new(), log: Vec::new() };
        if e > 1 {
            let mut tail = 1;
            while tail < order && !field.fill_powers(tail) {
                tail += 1;
            }
        }
        field
    }

    /// Tries x^e = −`tail` as the rule of reduction: true when x then runs through every element but zero.
    fn fill_powers(&mut self, tail: u32) -> bool {
        let (q, p) = (self.order, self.p);
        let top = q / p;
        self.exp.clear();
        self.log = vec![u32::MAX; q as usize];
        let mut power = 1;
        while self.exp.len() + 1 < q as usize {
            match self.log.get_mut(power as usize) {
                Some(slot) if *slot == u32::MAX => *slot = self.exp.len() as u32,
                _ => return false,
            }
            self.exp.push(power);
            let carry = power / top;
            power = power % top * p;
            for _ in 0..carry {
                power = subtract_digits(power, tail, p);
            }
        }
        power == 1
    }

    pub(crate) fn order(&self) -> u32 {
        self.order
    }

    /// Whether the elements are the integers modulo the order.
    pub(crate) fn is_ring(&self) -> bool {
        self.exp.is_empty()
    }

    pub(crate) fn add(&self, a: u32, b: u32) -> u32 {
        if self.exp.is_empty() {
            let sum = a + b;
            return if sum >= self.order { sum - self.order } else { sum };
        }
        if self.p == 2 {
            return a ^ b;
        }
        let (mut a, mut b, mut unit, mut sum) = (a, b, 1, 0);
        while a + b > 0 {
            sum += (a % self.p + b % self.p) % self.p * unit;
            (a, b, unit) = (a / self.p, b / self.p, unit * self.p);
        }
        sum
    }

    pub(crate) fn mul(&self, a: u32, b: u32) -> u32 {
        if self.exp.is_empty() {
            return (u64::from(a) * u64::from(b) % u64::from(self.order)) as u32;
        }
        match (self.log.get(a as usize), self.log.get(b as usize)) {
            (Some(x), Some(y)) if a > 0 && b > 0 => {
                let sum = x + y;
                let sum = if sum >= self.order - 1 { sum - (self.order - 1) } else { sum };
                self.exp.get(sum as usize).copied().unwrap_or(0)
            }
            _ => 0,
        }
    }
}

fn subtract_digits(a: u32, b: u32, p: u32) -> u32 {
    let (mut a, mut b, mut unit, mut rest) = (a, b, 1, 0);
    while a + b > 0 {
        rest += (a % p + p - b % p) % p * unit;
        (a, b, unit) = (a / p, b / p, unit * p);
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prime_powers_are_told_from_other_numbers() {
        let found: Vec<u32> = (0..50).filter(|&q| prime_power(q).is_some()).collect();
        let known = [2, 3, 4, 5, 7, 8, 9, 11, 13, 16, 17, 19, 23, 25, 27, 29, 31, 32, 37, 41, 43, 47, 49];
        assert_eq!(found, known);
        assert_eq!(prime_power(4913), Some((17, 3)));
    }

    #[test]
    fn every_field_up_to_128_is_a_field() {
        for q in (2..=128).filter(|&q| prime_power(q).is_some()) {
            let field = Field::new(q);
            for a in 1..q {
                let mut products: Vec<u32> = (0..q).map(|b| field.mul(a, b)).collect();
                let mut sums: Vec<u32> = (0..q).map(|b| field.add(a, b)).collect();
                products.sort_unstable();
                sums.sort_unstable();
                assert!(products.iter().copied().eq(0..q), "a · x is not a permutation, q = {q}, a = {a}");
                assert!(sums.iter().copied().eq(0..q), "a + x is not a permutation, q = {q}, a = {a}");
                for b in 0..q {
                    let c = (a * 7 + b * 3) % q;
                    let left = field.mul(a, field.add(b, c));
                    assert_eq!(left, field.add(field.mul(a, b), field.mul(a, c)), "q = {q}: {a} {b} {c}");
                }
            }
        }
    }
}
