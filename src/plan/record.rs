//! A plan in a line of text, from which the very same calls are rebuilt by every later version, whatever it would choose.
//!
//! `qcc-plan1;20;C;1000;…;R42` is: calls of 20, the way (`C` cover, `F` filtered, `S` skipping, `K` gathered, `H` completed,
//! `G` grown; `t` after it: lists turned round), 1,000 names, the covers from the bottom up, the number of the one that is the
//! plan; for a part of a plan `;P3/16` (first call, step). A cover is its points, `-` and its hole, and
//!
//! | text | shape |
//! | --- | --- |
//! | `N`, `A` | no call; all in one call |
//! | `LS7:3-2=4=5` | a listed recipe and the covers it uses |
//! | `T53+7:20x1/50=3` | a transversal design; each run with the cover of its groups |
//! | `J3,4,20,5:0,20,10,0,5,10` | a grid with the covers of its rows and of its columns: rows, columns, then patches |
//!
//! What is read is checked, so that a damaged record is refused and never leaves a pair out. Names are not in it.

use super::cover::{Cover, Forest, Groups, Id, Shape};
use super::grid::{Grid, Patch};
use super::layout::{Kept, Layout, Way};
use super::question::Question;
use super::recipe::{self, RUNS, Run};
use super::text::{Reader, push_number};

const HEAD: &str = "qcc-plan1;";

/// A shard's first call and step.
type Part = (u64, u64);

pub(crate) fn write(layout: &Layout, names: u32, part: Option<Part>) -> String {
    let mut out = String::from(HEAD);
    push_number(&mut out, layout.call_size.into());
    out.push(';');
    out.push(match layout.way {
        Way::Cover => 'C',
        Way::Filtered => 'F',
        Way::Skipping => 'S',
        Way::Gathered => 'K',
        Way::Completed => 'H',
        Way::Grown => 'G',
    });
    if layout.turned {
        out.push('t');
    }
    out.push(';');
    push_number(&mut out, names.into());
    out.push(';');
    for cover in layout.forest.iter() {
        write_cover(cover, &mut out);
        out.push(';');
    }
    out.push('R');
    push_number(&mut out, layout.root.into());
    if let Some((first, step)) = part {
        out.push_str(";P");
        push_number(&mut out, first);
        out.push('/');
        push_number(&mut out, step);
    }
    out
}

fn write_cover(cover: &Cover, out: &mut String) {
    let mark = |out: &mut String, mark: char, number: u32| {
        out.push(mark);
        push_number(out, number.into());
    };
    push_number(out, cover.points.into());
    mark(out, '-', cover.hole);
    match &cover.shape {
        Shape::Nothing => out.push('N'),
        Shape::Whole => out.push('A'),
        Shape::Listed { recipe, parts, .. } => {
            out.push('L');
            out.push_str(recipe);
            parts.iter().for_each(|&part| mark(out, '=', part));
        }
        Shape::Transversal { field, groups, extra } => {
            mark(out, 'T', field.order());
            mark(out, '+', *extra);
            for (i, Groups { run, fill }) in groups.iter().enumerate() {
                out.push(if i == 0 { ':' } else { ',' });
                run.write(field.order(), out);
                mark(out, '=', *fill);
            }
        }
        Shape::Join { grid, first, rest } => {
            mark(out, 'J', *first);
            mark(out, ',', *rest);
            mark(out, ',', grid.rows());
            mark(out, ',', grid.columns());
            for p in grid.patches() {
                mark(out, ':', p.row);
                [p.rows, p.height, p.column, p.columns, p.width].iter().for_each(|&n| mark(out, ',', n));
            }
        }
    }
}

/// The layout and, for a shard, which part of it. Nothing when the record is damaged or does not fit the question.
pub(crate) fn read(
    record: &str,
    question: &Question,
    known: &[(u32, u32)],
) -> Option<(Layout, Option<Part>)> {
    let mut reader = Reader(record.strip_prefix(HEAD)?);
    let k = reader.number().filter(|k| (2..=super::MAX_CALL_SIZE).contains(k))?;
    reader.expect(';')?;
    let way = match reader.char()? {
        'C' => Way::Cover,
        'F' => Way::Filtered,
        'S' => Way::Skipping,
        'K' => Way::Gathered,
        'H' => Way::Completed,
        'G' => Way::Grown,
        _ => return None,
    };
    let turned = reader.eat('t');
    reader.expect(';')?;
    let names = reader.number()?;
    reader.expect(';')?;
    let mut forest = Forest::default();
    while !reader.eat('R') {
        let text = reader.until(';')?;
        read_cover(text, names, k, &mut forest)?;
    }
    let root = reader.number()?;
    let part = match reader.eat(';') {
        true => {
            reader.expect('P')?;
            let first = reader.long()?;
            reader.expect('/')?;
            Some((first, reader.long()?))
        }
        false => None,
    };
    if !reader.is_empty() {
        return None;
    }
    let layout = Layout::rebuild(
        question,
        known,
        names,
        Kept { call_size: k, way, turned, forest: forest.into(), root },
    )?;
    Some((layout, part))
}

fn read_cover(text: &str, most: u32, k: u32, forest: &mut Forest) -> Option<Id> {
    let mut reader = Reader(text);
    // Names are left out of covers that are a little larger than what is asked for.
    let points = reader.number().filter(|&points| points <= most.max(recipe::LISTED_NAMES))?;
    reader.expect('-')?;
    let hole = reader.number().filter(|&hole| hole <= points)?;
    let id = match reader.char()? {
        'N' if hole == points || points < 2 => forest.nothing(points),
        'A' if points <= k => forest.whole(points, hole),
        'L' if hole == 0 => {
            let all = reader.0;
            let recipe = reader.until('=').unwrap_or(all);
            let mut parts: Vec<Id> = Vec::new();
            while recipe.len() < all.len() && (parts.is_empty() || !reader.is_empty()) {
                if !parts.is_empty() {
                    reader.expect('=')?;
                }
                parts.push(reader.number().filter(|&part| is_cover(forest, part))?);
            }
            reader.0 = "";
            let sizes = recipe::part_sizes(recipe, points, k)?;
            let calls = recipe::list(recipe, points, k, forest, &parts)?;
            // Every part must serve: what is written again must be what was read.
            let served = parts.iter().map(|&part| forest.get(part).points).eq(sizes);
            if served { forest.listed(points, recipe.to_owned(), parts, calls) } else { return None }
        }
        'T' => read_transversal(&mut reader, points, hole, k, forest)?,
        'J' => read_join(&mut reader, points, hole, k, forest)?,
        _ => return None,
    };
    reader.is_empty().then_some(id)
}

/// Whether there is such a cover already, without a hole.
fn is_cover(forest: &Forest, id: Id) -> bool {
    forest.has(id) && forest.get(id).hole < 2
}

fn read_transversal(
    reader: &mut Reader<'_>,
    points: u32,
    hole: u32,
    k: u32,
    forest: &mut Forest,
) -> Option<Id> {
    let order = reader.number().filter(|order| (1..=points).contains(order))?;
    reader.expect('+')?;
    let extra = reader.number().filter(|&extra| extra <= points)?;
    reader.expect(':')?;
    let mut groups: Vec<Groups> = Vec::new();
    let (mut runs, mut names) = ([Run::default(); RUNS + 1], u64::from(extra));
    for slot in &mut runs {
        let run = Run::read(reader, order)?;
        reader.expect('=')?;
        let fill = reader.number()?;
        *slot = run;
        names += u64::from(run.count) * u64::from(run.names());
        if !forest.has(fill) || forest.get(fill).points != run.names() + extra {
            return None;
        }
        groups.push(Groups { run, fill });
        if !reader.eat(',') {
            break;
        }
    }
    // The last group and the extra names are the hole, or the extra names alone; or else some group is covered together
    // with the extra names. No other group may be left open.
    let last = groups.last().filter(|last| last.run.count == 1).map_or(0, |last| last.run.names() + extra);
    let with_last = hole > extra && hole == last;
    let closed = |groups: &Groups| forest.get(groups.fill).hole < 2 || forest.get(groups.fill).hole <= extra;
    let checked = groups.get(..groups.len() - usize::from(with_last))?;
    let covered = checked.iter().any(|groups| forest.get(groups.fill).hole < 2);
    let holes = with_last || (hole > 0 && hole == extra) || (hole == 0 && (extra < 2 || covered));
    let sound = recipe::is_sound(order, &runs, k) && checked.iter().all(closed);
    if sound && holes && names == u64::from(points) {
        return Some(forest.transversal(order, groups, extra, hole));
    }
    None
}

fn read_join(reader: &mut Reader<'_>, points: u32, hole: u32, k: u32, forest: &mut Forest) -> Option<Id> {
    let mut numbers = |count: usize| -> Option<Vec<u32>> {
        let mut numbers = Vec::new();
        for i in 0..count {
            if i > 0 {
                reader.expect(',')?;
            }
            numbers.push(reader.number()?);
        }
        Some(numbers)
    };
    let head = numbers(4)?;
    let &[first, rest, rows, columns] = head.as_slice() else { return None };
    let mut patches = Vec::new();
    while !reader.is_empty() {
        reader.expect(':')?;
        let mut patch = [0; 6];
        for (i, slot) in patch.iter_mut().enumerate() {
            if i > 0 {
                reader.expect(',')?;
            }
            *slot = reader.number()?;
        }
        let [row, rows, height, column, columns, width] = patch;
        patches.push(Patch { row, rows, height, column, columns, width });
    }
    let grid = Grid::of(rows, columns, k, patches)?;
    let sized = forest.has(first) && forest.has(rest) && rows.checked_add(columns) == Some(points);
    let (first_cover, rest_cover) = (forest.get(first), forest.get(rest));
    if !sized || first_cover.points != rows || rest_cover.points != columns {
        return None;
    }
    // What is left open: all when the rows are, else what the cover of the columns leaves.
    let open = if first_cover.hole > 1 && !grid.keeps_rows_together() {
        points
    } else if grid.keeps_columns_together() {
        0
    } else {
        rest_cover.hole
    };
    let honest = hole == points || open < 2 || hole == open;
    honest.then(|| forest.join(grid, first, rest, hole))
}
