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

    /// At least `length` places behind the first `taken` ones.
    #[inline(always)]
    pub(super) fn behind(&mut self, taken: usize, length: usize) -> &mut [T] {
        if self.all.len() < taken + length {
            self.grow(taken + length);
        }
        self.all.get_mut(taken..).unwrap_or_default()
    }

    /// At least twice as many places as there were, and `least`.
    #[inline(never)]
    fn grow(&mut self, least: usize) {
        if self.all.is_empty() {
            self.all = vec![T::default(); least];
        }
        while self.all.len() < least {
            // Filled with what is there, whatever that is: a copy, while `resize` fills one by one, and a new list would be filled
            // with noughts first.
            self.all.extend_from_within(..);
        }
    }
}

impl<T> From<Vec<T>> for Room<T> {
    fn from(all: Vec<T>) -> Self {
        Self { taken: all.len(), all }
    }
}

impl<T> From<Room<T>> for Vec<T> {
    fn from(mut room: Room<T>) -> Self {
        room.all.truncate(room.taken);
        room.all
    }
}

impl Room<u8> {
    /// Appends the lowest `length` bytes of `word`, at most all eight.
    #[inline(always)]
    pub fn push_short(&mut self, word: u64, length: usize) {
        if let Some(slot) = self.behind(self.taken, 8).first_chunk_mut() {
            *slot = word.to_le_bytes();
            self.taken += length.min(8);
        }
    }

    /// Has up to `most` bytes written behind the others; `write` says how many were.
    #[inline(always)]
    pub fn fill(&mut self, most: usize, write: impl FnOnce(&mut [u8]) -> usize) {
        let written = write(self.behind(self.taken, most));
        self.taken = self.all.len().min(self.taken + written);
    }
}
