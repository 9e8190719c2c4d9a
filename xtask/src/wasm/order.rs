//! The order of a module's functions, for compression: what brotli has seen before costs least where it was seen last, so
//! functions that are alike stand side by side.
//!
//! wasm-opt orders functions by name and renumbers the calls; here they are given names to that end. The module is read as the
//! specification's binary format says (sections 2, 3 and 10, and the custom section "name").

use anyhow::{Context, Result, bail};
use std::collections::HashMap;

const IMPORTS: u8 = 2;
const FUNCTIONS: u8 = 3;
const CODE: u8 = 10;

/// So many bytes in a row are what two functions may have in common.
const RUN: usize = 4;

/// What likeness is worth between functions of different types: those of one type in a row cost next to nothing in the section
/// that lists types.
const OTHER_TYPE: f64 = 0.6;

/// Added to the lengths that likeness is measured by, or the shortest functions would be like everything.
const SHORTEST: f64 = 20.0;

/// The module with a name for each of its functions: the number of the place it should have. The names it had are gone.
pub fn by_likeness(module: &[u8]) -> Result<Vec<u8>> {
    let mut reader = Reader { rest: module };
    let mut named = reader.take(8)?.to_vec();
    let (mut imported, mut types, mut bodies) = (0, Vec::new(), Vec::new());
    while !reader.rest.is_empty() {
        let whole = reader.rest;
        let id = reader.byte()?;
        let size = reader.number()?;
        let mut section = Reader { rest: reader.take(size)? };
        match id {
            0 if section.list()? == b"name" => continue,
            IMPORTS => imported = section.imported_functions()?,
            FUNCTIONS => types = section.many(Reader::number)?,
            CODE => bodies = section.many(Reader::list)?,
            _ => {}
        }
        named.extend_from_slice(&whole[..whole.len() - reader.rest.len()]);
    }
    if types.len() != bodies.len() {
        bail!("{} types for {} functions", types.len(), bodies.len());
    }
    let mut names = Vec::new();
    push_number(&mut names, bodies.len());
    let mut places = vec![0; bodies.len()];
    for (place, function) in order(&types, &bodies).into_iter().enumerate() {
        places[function] = place;
    }
    for (function, place) in places.into_iter().enumerate() {
        push_number(&mut names, imported + function);
        push_list(&mut names, format!("{place:05}").as_bytes());
    }
    let mut section = Vec::new();
    push_list(&mut section, b"name");
    // Its first part: the functions' names.
    section.push(1);
    push_list(&mut section, &names);
    named.push(0);
    push_list(&mut named, &section);
    Ok(named)
}

/// A way through all functions, from the first on, always to the one most like the last.
fn order(types: &[usize], bodies: &[&[u8]]) -> Vec<usize> {
    let runs: Vec<Vec<&[u8]>> = bodies
        .iter()
        .map(|body| {
            let mut runs: Vec<&[u8]> = body.windows(RUN).collect();
            runs.sort_unstable();
            runs.dedup();
            runs
        })
        .collect();
    // Who of those that have no place yet has a run.
    let mut having: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (function, runs) in runs.iter().enumerate() {
        for run in runs {
            having.entry(run).or_default().push(function);
        }
    }
    let mut waiting: Vec<usize> = (0..bodies.len()).collect();
    let mut order = Vec::with_capacity(bodies.len());
    let mut next = (!waiting.is_empty()).then_some(0);
    while let Some(last) = next {
        order.push(last);
        waiting.retain(|&other| other != last);
        let mut shared = vec![0; bodies.len()];
        for run in &runs[last] {
            let others = having.get_mut(run).expect("it was put in above");
            others.retain(|&other| other != last);
            others.iter().for_each(|&other| shared[other] += 1);
        }
        let likeness = |other: usize| {
            let lengths = (runs[last].len() + runs[other].len()) as f64;
            let likeness = f64::from(shared[other]) / (lengths + SHORTEST);
            if types[last] == types[other] { likeness } else { likeness * OTHER_TYPE }
        };
        // The first of those that are equally like it.
        next = waiting.iter().copied().rev().max_by(|&a, &b| likeness(a).total_cmp(&likeness(b)));
    }
    order
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count).context("the module ends too early")?;
        self.rest = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }

    /// LEB128 without a sign.
    fn number(&mut self) -> Result<usize> {
        let mut number = 0;
        for shift in (0..32).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        bail!("a number of more than 32 bits")
    }

    /// Bytes behind their count.
    fn list(&mut self) -> Result<&'a [u8]> {
        let count = self.number()?;
        self.take(count)
    }

    fn many<T>(&mut self, read: impl Fn(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        (0..self.number()?).map(|_| read(self)).collect()
    }

    fn imported_functions(&mut self) -> Result<usize> {
        let is_function = |reader: &mut Self| {
            reader.list()?;
            reader.list()?;
            let kind = reader.byte()?;
            match kind {
                0 => drop(reader.number()?),
                1 => {
                    reader.byte()?;
                    reader.limits()?;
                }
                2 => reader.limits()?,
                3 => drop(reader.take(2)?),
                _ => bail!("an import of the unknown kind {kind}"),
            }
            Ok(kind == 0)
        };
        Ok(self.many(is_function)?.into_iter().filter(|&is_function| is_function).count())
    }

    fn limits(&mut self) -> Result<()> {
        let has_most = self.byte()? & 1 == 1;
        self.number()?;
        if has_most {
            self.number()?;
        }
        Ok(())
    }
}

fn push_number(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn push_list(out: &mut Vec<u8>, list: &[u8]) {
    push_number(out, list.len());
    out.extend_from_slice(list);
}
