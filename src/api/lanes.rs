//! Sixteen bytes at once, where the machine has registers for them: in WebAssembly, whose compilers do not find out by
//! themselves. Elsewhere the same is written as whoever reads it would.

#[cfg(target_feature = "simd128")]
use std::arch::wasm32::*;

/// Sixteen bytes.
#[derive(Clone, Copy)]
pub(super) struct Lanes(
    #[cfg(target_feature = "simd128")] v128,
    #[cfg(not(target_feature = "simd128"))] u128,
);

impl Lanes {
    #[inline(always)]
    pub(super) fn of(bytes: &[u8; 16]) -> Self {
        #[cfg(target_feature = "simd128")]
        // SAFETY: sixteen bytes are there, and it asks no alignment.
        return Self(unsafe { v128_load(bytes.as_ptr().cast()) });
        #[cfg(not(target_feature = "simd128"))]
        Self(u128::from_le_bytes(*bytes))
    }

    /// Noughts where the two are the same.
    #[inline(always)]
    pub(super) fn differing(self, other: Self) -> Self {
        #[cfg(target_feature = "simd128")]
        return Self(v128_xor(self.0, other.0));
        #[cfg(not(target_feature = "simd128"))]
        Self(self.0 ^ other.0)
    }

    /// A bit for each byte: whether the two have the same one there.
    #[inline(always)]
    pub(super) fn alike(self, other: Self) -> u16 {
        #[cfg(target_feature = "simd128")]
        return i8x16_bitmask(i8x16_eq(self.0, other.0));
        #[cfg(not(target_feature = "simd128"))]
        {
            let bytes = (self.0 ^ other.0).to_be_bytes();
            bytes.iter().fold(0, |bits, &byte| bits << 1 | u16::from(byte == 0))
        }
    }

    #[inline(always)]
    pub(super) fn or(self, other: Self) -> Self {
        #[cfg(target_feature = "simd128")]
        return Self(v128_or(self.0, other.0));
        #[cfg(not(target_feature = "simd128"))]
        Self(self.0 | other.0)
    }

    #[inline(always)]
    pub(super) fn is_nought(self) -> bool {
        #[cfg(target_feature = "simd128")]
        return !v128_any_true(self.0);
        #[cfg(not(target_feature = "simd128"))]
        return self.0 == 0;
    }
}

/// Sixteen bytes that a text goes on with, as UTF-16.
#[cfg(target_feature = "simd128")]
#[derive(Clone, Copy)]
pub(super) struct Ahead(v128);

#[cfg(target_feature = "simd128")]
impl Ahead {
    #[inline(always)]
    pub(super) fn of(bytes: &[u8; 16]) -> Self {
        Self(Lanes::of(bytes).0)
    }

    /// Writes four characters, as if all were of three bytes as Chinese is, and gives a bit for each of their twelve bytes: whether it
    /// is what such a character has there, and whether it is 0xE0 or 0xED, which must not be followed by every byte.
    #[inline(always)]
    pub(super) fn write_wide(self, slots: &mut [u16; 8]) -> (u16, u16) {
        let Self(all) = self;
        // Each character's bytes from the last to the first, and a nought.
        let each = i8x16_shuffle::<2, 1, 0, 31, 5, 4, 3, 31, 8, 7, 6, 31, 11, 10, 9, 31>(all, u64x2(0, 0));
        let first = v128_and(u32x4_shr(each, 4), u32x4_splat(0xF000));
        let second = v128_and(u32x4_shr(each, 2), u32x4_splat(0xFC0));
        let units = v128_or(v128_or(first, second), v128_and(each, u32x4_splat(0x3F)));
        // SAFETY: eight bytes are there, and it asks no alignment.
        unsafe { v128_store64_lane::<0>(u16x8_narrow_i32x4(units, units), slots.as_mut_ptr().cast()) };
        // Above the twelve nothing is as expected.
        let shape = v128_and(all, u64x2(0xC0F0_C0C0_F0C0_C0F0, 0xC0C0_F0C0));
        let expected = i8x16_eq(shape, u64x2(0x80E0_8080_E080_80E0, 0xFFFF_FFFF_8080_E080));
        let odd = v128_or(i8x16_eq(all, u8x16_splat(0xE0)), i8x16_eq(all, u8x16_splat(0xED)));
        (i8x16_bitmask(expected), i8x16_bitmask(odd))
    }

    /// Writes eight characters, as if all were ASCII, and gives how many are, and neither quotes nor escapes nor controls.
    #[inline(always)]
    pub(super) fn write_ascii(self, slots: &mut [u16; 8]) -> usize {
        let Self(all) = self;
        // SAFETY: sixteen bytes are there, and it asks no alignment.
        unsafe { v128_store(slots.as_mut_ptr().cast(), u16x8_extend_low_u8x16(all)) };
        let marks = v128_or(i8x16_eq(all, u8x16_splat(b'"')), i8x16_eq(all, u8x16_splat(b'\\')));
        // What is above 0x7F is below nought.
        let stops = v128_or(marks, i8x16_lt(all, i8x16_splat(0x20)));
        (i8x16_bitmask(stops) | 1 << 8).trailing_zeros() as usize
    }
}
