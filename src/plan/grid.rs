//! Two lists, every name of one with every name of the other: a rectangle cut into patches, each patch into calls.
//!
//! A call with s names of the first list (rows) has room for k − s of the second (columns). Halves are best in the
//! middle of two long lists, but seldom for what remains at their ends, so strips of different height and direction are
//! compared: a table over remainders, filled from small to large. Stored plans are rebuilt through this, so a change of what
//! comes out needs a new letter in the recipes.

/// Rows `row .. row + rows` taken `height` at a time against columns `column .. column + columns`, `width` at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Patch {
    row: u32,
    rows: u32,
    height: u32,
    column: u32,
    columns: u32,
    width: u32,
}

impl Patch {
    fn calls(&self) -> u64 {
        u64::from(self.rows.div_ceil(self.height)) * u64::from(self.columns.div_ceil(self.width))
    }
}

/// Patches that together make up the rectangle. Rows are the points 0 … rows − 1, columns those after them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grid {
    rows: u32,
    columns: u32,
    patches: Vec<Patch>,
}

impl Grid {
    /// The fewest calls of `k` found for `rows` × `columns`.
    pub(crate) fn new(rows: u32, columns: u32, k: u32) -> Self {
        let mut grid = Self { rows, columns, patches: Vec::new() };
        if rows > 0 && columns > 0 {
            let mut table =
                Table { k, rows, columns, best: vec![None; ((2 * k + 1) * (2 * k + 1)) as usize] };
            table.cut(0, rows, 0, columns, &mut grid.patches);
        }
        grid
    }

    /// All rows `height` at a time against all columns `width` at a time.
    pub(crate) fn even(rows: u32, columns: u32, height: u32, width: u32) -> Self {
        let patch = Patch { row: 0, rows, height, column: 0, columns, width };
        Self { rows, columns, patches: vec![patch] }
    }

    pub(crate) fn columns(&self) -> u32 {
        self.columns
    }

    pub(crate) fn calls(&self) -> u64 {
        self.patches.iter().map(Patch::calls).sum()
    }

    /// Whether every call holds all the rows, so that their own pairs are covered too.
    pub(crate) fn keeps_rows_together(&self) -> bool {
        self.patches.iter().any(|p| p.rows == self.rows && p.height >= p.rows)
    }

    /// Appends the points of call number `index`.
    pub(crate) fn call(&self, mut index: u64, out: &mut Vec<u32>) {
        for p in &self.patches {
            if index < p.calls() {
                let across = u64::from(p.columns.div_ceil(p.width));
                let (i, j) = ((index / across) as u32 * p.height, (index % across) as u32 * p.width);
                out.extend(p.row + i..p.row + (i + p.height).min(p.rows));
                let first = self.rows + p.column;
                out.extend(first + j..first + (j + p.width).min(p.columns));
                return;
            }
            index -= p.calls();
        }
    }
}

/// A first cut: strips of `height` × (k − height) over all but the last `left` rows or columns.
#[derive(Clone, Copy)]
struct Cut {
    calls: u64,
    height: u32,
    left: u32,
    rows_left: bool,
}

struct Table {
    k: u32,
    rows: u32,
    columns: u32,
    best: Vec<Option<Cut>>,
}

impl Table {
    /// What is left of a side is shorter than 2k, so the table is small; its last row and column stand for the sides.
    fn slot(&self, rows: u32, columns: u32) -> usize {
        let side = |len: u32, all: u32| if len == all { 2 * self.k } else { len };
        (side(rows, self.rows) * (2 * self.k + 1) + side(columns, self.columns)) as usize
    }

    fn best(&mut self, rows: u32, columns: u32) -> Cut {
        let slot = self.slot(rows, columns);
        if let Some(Some(cut)) = self.best.get(slot) {
            return *cut;
        }
        let mut best = Cut { calls: u64::MAX, height: 1, left: 0, rows_left: false };
        for height in 1..self.k {
            let width = self.k - height;
            let (down, across) = (u64::from(rows.div_ceil(height)), u64::from(columns.div_ceil(width)));
            let mut consider = |calls, left, rows_left| {
                if calls < best.calls {
                    best = Cut { calls, height, left, rows_left };
                }
            };
            consider(down * across, 0, false);
            for left in [rows % height, rows % height + height] {
                if left > 0 && left < rows {
                    let strips = u64::from((rows - left) / height);
                    consider(strips * across + self.best(left, columns).calls, left, true);
                }
            }
            for left in [columns % width, columns % width + width] {
                if left > 0 && left < columns {
                    let strips = u64::from((columns - left) / width);
                    consider(strips * down + self.best(rows, left).calls, left, false);
                }
            }
        }
        if let Some(entry) = self.best.get_mut(slot) {
            *entry = Some(best);
        }
        best
    }

    fn cut(&mut self, row: u32, rows: u32, column: u32, columns: u32, out: &mut Vec<Patch>) {
        let Cut { height, left, rows_left, .. } = self.best(rows, columns);
        let width = self.k - height;
        let (r, c) = if rows_left { (rows - left, columns) } else { (rows, columns - left) };
        out.push(Patch { row, rows: r, height, column, columns: c, width });
        if left > 0 && rows_left {
            self.cut(row + r, left, column, columns, out);
        } else if left > 0 {
            self.cut(row, rows, column + c, left, out);
        }
    }
}
