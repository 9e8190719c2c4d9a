//! A plan in a line of text, from which the very same calls are rebuilt by every later version, whatever it would choose.
//!
//! `qcc-plan1;20;C;1000;…;R` is: calls of 20, the way (`C` cover, `F` filtered, `S` skipping, `K` gathered, `H` completed,
//! `G` grown; `t` after it: lists turned round), 1,000 names, the covers from the bottom up, of which the last is the plan;
//! for a part of a plan `P3/16` (first call, step). A cover is its points, where it has a hole `-` and that, and `=` its
//! recipe ([`super::recipe`]): `24=A`, `69-20=T4+9:2x8`.
//!
//! What is read is checked, so that a damaged record is refused and never leaves a pair out. Names are not in it.

use super::build::Construction;
use super::choose::Chooser;
use super::layout::{Kept, Layout, Way};
use super::question::Question;
use super::recipe::LISTED_NAMES;
use super::text::{Reader, push, push_number};

const HEAD: &str = "qcc-plan1;";

/// A shard's first call and step.
type Part = (u64, u64);

pub(crate) fn write(layout: &Layout, names: u32, part: Option<Part>) -> String {
    let mut out = String::new();
    push(&mut out, HEAD, layout.call_size);
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
    push(&mut out, ";", names);
    out.push(';');
    for cover in layout.forest().iter().filter(|cover| !cover.recipe.is_empty()) {
        push(&mut out, "", cover.points);
        if cover.hole > 0 {
            push(&mut out, "-", cover.hole);
        }
        out.push('=');
        out.push_str(&cover.recipe);
        out.push(';');
    }
    out.push('R');
    if let Some((first, step)) = part {
        out.push('P');
        push_number(&mut out, first);
        out.push('/');
        push_number(&mut out, step);
    }
    out
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
    let mut chooser = Chooser::told(k);
    while !reader.eat('R') {
        // Names are left out of covers that are a little larger than what is asked for.
        let points = reader.number().filter(|&points| points <= names.max(LISTED_NAMES))?;
        let hole = if reader.eat('-') { reader.number()? } else { 0 };
        reader.expect('=')?;
        chooser.follow(points, hole, reader.until(';')?, 0)?;
    }
    let part = match reader.eat('P') {
        true => {
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
        Kept { call_size: k, way, turned, cover: Construction::laid(chooser.into_forest()) },
    )?;
    Some((layout, part))
}
