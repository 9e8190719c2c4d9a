//! A list that is written whole words at a time, beyond its end too: copying six bytes one by one, or by a call, costs more
//! than overwriting the two after them.

/// Such a list.
#[derive(Debug, Default)]
pub struct Room<T> {
    /// What was written, and whatever else is there.
    pub(super) all: Vec<T>,
    /// How much was written.
    pub(super) taken: usize,
}

impl<T: Copy + Default> Room<T> {
    /// What was written.
    pub fn taken(&self) -> &[T] {
        self.all.get(..self.taken).unwrap_or_default()
    }

    /// Appends some.
    pub fn extend(&mut self, more: impl IntoIterator<Item = T>) {
        self.all.truncate(self.taken);
        self.all.extend(more);
        self.taken = self.all.len();
    }

    /// More than twice the room there was.
    #[inline(never)]
    pub(super) fn grow(&mut self) {
        let mut more = vec![T::default(); 2 * self.all.len() + 512];
        for (slot, written) in more.iter_mut().zip(self.taken()) {
            *slot = *written;
        }
        self.all = more;
    }
}

impl Room<u8> {
    /// Appends the lowest `length` bytes of `word`, at most all eight.
    #[inline(always)]
    pub fn push_short(&mut self, word: u64, length: usize) {
        loop {
            if let Some(slot) = self.all.get_mut(self.taken..).and_then(<[u8]>::first_chunk_mut) {
                *slot = word.to_le_bytes();
                self.taken += length.min(8);
                return;
            }
            self.grow();
        }
    }
}
