//! Options as a dynamic language gives them, read into [`Options`]: every field by its name, every mistake (an unknown
//! name too) told with the place it is at. What values look like is behind [`Value`], so that JavaScript's are read by
//! the same code as the JSON of the tests, and no deserialiser is shipped.

use super::options::{
    CallRange, Calls, Companies, Fault, GivenRelation, Limits, Options, OptionsError, RetryAfter,
    TransportFault,
};

/// The greatest whole number that JavaScript tells from its neighbours: 2^53 - 1.
const MOST: f64 = 9_007_199_254_740_991.0;

/// A value of a dynamic language.
pub trait Value: Sized {
    /// Whether there is none, so that the default is taken.
    fn is_undefined(&self) -> bool;
    /// Whether it is `null`.
    fn is_null(&self) -> bool;
    /// A text.
    fn text(&self) -> Option<String>;
    /// A number.
    fn number(&self) -> Option<f64>;
    /// `true` or `false`.
    fn boolean(&self) -> Option<bool>;
    /// The items of a list (in JavaScript: of anything that can be iterated over and is no text).
    fn list(&self) -> Option<Vec<Self>>;
    /// The fields of an object that is no list.
    fn fields(&self) -> Option<Vec<(String, Self)>>;
    /// An object as JSON.
    fn json(&self) -> Option<String>;
}

type Read<T> = Result<T, OptionsError>;

fn wrong<T>(at: &str, wanted: &str) -> Read<T> {
    Err(OptionsError([at, ": ", wanted].concat()))
}

fn text<V: Value>(value: &V, at: &str) -> Read<String> {
    value.text().map_or_else(|| wrong(at, "a text"), Ok)
}

fn nullable_text<V: Value>(value: &V, at: &str) -> Read<Option<String>> {
    if value.is_null() {
        Ok(None)
    } else {
        value.text().map_or_else(|| wrong(at, "a text or null"), |text| Ok(Some(text)))
    }
}

fn number<V: Value>(value: &V, at: &str) -> Read<f64> {
    value.number().map_or_else(|| wrong(at, "a number"), Ok)
}

fn boolean<V: Value>(value: &V, at: &str) -> Read<bool> {
    value.boolean().map_or_else(|| wrong(at, "true or false"), Ok)
}

fn integer<V: Value>(value: &V, at: &str) -> Read<i64> {
    match value.number() {
        Some(number) if number.trunc() == number && number.abs() <= MOST => Ok(number as i64),
        _ => wrong(at, "a whole number"),
    }
}

/// A whole number from 0 that fits `T`.
fn natural<V: Value, T: TryFrom<i64>>(value: &V, at: &str) -> Read<T> {
    match integer(value, at).ok().filter(|number| *number >= 0).and_then(|number| T::try_from(number).ok()) {
        Some(number) => Ok(number),
        None => wrong(at, "a whole number, not negative and not too great"),
    }
}

fn list<V: Value, T>(value: &V, at: &str, item: impl Fn(&V, &str) -> Read<T>) -> Read<Vec<T>> {
    let Some(values) = value.list() else {
        return wrong(at, "a list");
    };
    let read = |(index, value): (usize, &V)| item(value, &[at, "[", &index.to_string(), "]"].concat());
    values.iter().enumerate().map(read).collect()
}

/// Reads the fields of an object one by one; `field` says whether it knows the name.
fn object<V: Value, T: Default>(
    value: &V,
    at: &str,
    mut field: impl FnMut(&mut T, &str, &V, &str) -> Read<bool>,
) -> Read<T> {
    let Some(fields) = value.fields() else {
        return wrong(if at.is_empty() { "options" } else { at }, "an object");
    };
    let mut object = T::default();
    for (name, value) in fields {
        let at = if at.is_empty() { name.clone() } else { [at, ".", &name].concat() };
        if !value.is_undefined() && !field(&mut object, &name, &value, &at)? {
            return wrong(&at, "there is no such option");
        }
    }
    Ok(object)
}

impl Options {
    /// Reads them from an object with the names of the fields in camelCase.
    ///
    /// # Errors
    /// [`OptionsError`] for the first value that is not what its name wants, and for a name there is not.
    pub fn read<V: Value>(value: &V) -> Result<Self, OptionsError> {
        object(value, "", |options: &mut Self, name, value, at| {
            match name {
                "key" => options.key = Some(text(value, at)?),
                "secretKey" => options.secret_key = Some(text(value, at)?),
                "toleranceSeconds" => options.tolerance_seconds = Some(natural(value, at)?),
                "latencyMs" => options.latency_ms = Some(natural(value, at)?),
                "faults" => options.faults = Some(list(value, at, fault)?),
                "relations" => options.relations = Some(list(value, at, relation)?),
                "density" => options.density = Some(number(value, at)?),
                "seed" => options.seed = Some(natural(value, at)?),
                "limits" => options.limits = Some(limits(value, at)?),
                "maxRows" => options.max_rows = Some(natural(value, at)?),
                "trackRepeats" => options.track_repeats = Some(boolean(value, at)?),
                _ => return Ok(false),
            }
            Ok(true)
        })
    }
}

impl Fault {
    /// Reads a list of them.
    ///
    /// # Errors
    /// As [`Options::read`].
    pub fn read_list<V: Value>(value: &V) -> Result<Vec<Self>, OptionsError> {
        list(value, "faults", fault)
    }
}

fn limits<V: Value>(value: &V, at: &str) -> Read<Limits> {
    object(value, at, |limits: &mut Limits, name, value, at| {
        match name {
            "callsPerSecond" => limits.calls_per_second = Some(natural(value, at)?),
            "concurrency" => limits.concurrency = Some(natural(value, at)?),
            "dailyCalls" => limits.daily_calls = Some(natural(value, at)?),
            "dailyStatus" => limits.daily_status = Some(integer(value, at)?),
            _ => return Ok(false),
        }
        Ok(true)
    })
}

fn fault<V: Value>(value: &V, at: &str) -> Read<Fault> {
    object(value, at, |fault: &mut Fault, name, value, at| {
        match name {
            "calls" => fault.calls = Some(calls(value, at)?),
            "probability" => fault.probability = Some(number(value, at)?),
            "company" => fault.company = Some(companies(value, at)?),
            "path" => fault.path = Some(text(value, at)?),
            "times" => fault.times = Some(natural(value, at)?),
            "status" => fault.status = Some(integer(value, at)?),
            "message" => fault.message = Some(text(value, at)?),
            "http" => fault.http = Some(natural(value, at)?),
            "retryAfter" => fault.retry_after = Some(retry_after(value, at)?),
            "transport" => fault.transport = Some(transport(value, at)?),
            "billed" => fault.billed = Some(boolean(value, at)?),
            "bodyMs" => fault.body_ms = Some(natural(value, at)?),
            "delayMs" => fault.delay_ms = Some(natural(value, at)?),
            "clockOffsetSeconds" => fault.clock_offset_seconds = Some(integer(value, at)?),
            _ => return Ok(false),
        }
        Ok(true)
    })
}

fn calls<V: Value>(value: &V, at: &str) -> Read<Calls> {
    if value.number().is_some() {
        return Ok(Calls::Listed(vec![natural(value, at)?]));
    }
    if value.list().is_some() {
        return Ok(Calls::Listed(list(value, at, natural)?));
    }
    let range = object(value, at, |range: &mut CallRange, name, value, at| {
        match name {
            "from" => range.from = Some(natural(value, at)?),
            "to" => range.to = Some(natural(value, at)?),
            "every" => range.every = Some(natural(value, at)?),
            _ => return Ok(false),
        }
        Ok(true)
    });
    range.map(Calls::Range)
}

fn companies<V: Value>(value: &V, at: &str) -> Read<Companies> {
    match value.text() {
        Some(name) => Ok(Companies(vec![name])),
        None => list(value, at, text).map(Companies),
    }
}

fn retry_after<V: Value>(value: &V, at: &str) -> Read<RetryAfter> {
    match value.text() {
        Some(text) => Ok(RetryAfter::Text(text)),
        None => natural(value, at).map(RetryAfter::Seconds),
    }
}

fn transport<V: Value>(value: &V, at: &str) -> Read<TransportFault> {
    let name = text(value, at)?;
    let found = TransportFault::ALL.into_iter().find(|fault| fault.name() == name);
    found.map_or_else(|| wrong(at, "there is no such transport fault"), Ok)
}

/// What a client worked out of a relation (`amountWan`, `period`) may be there, and is not sent.
fn relation<V: Value>(value: &V, at: &str) -> Read<GivenRelation> {
    object(value, at, |relation: &mut GivenRelation, name, value, at| {
        match name {
            "companyName" => relation.company_name = text(value, at)?,
            "relatedCompanyName" => relation.related_company_name = text(value, at)?,
            "amount" => relation.amount = nullable_text(value, at)?,
            "publicDate" => relation.public_date = nullable_text(value, at)?,
            "source" => relation.source = nullable_text(value, at)?,
            "extra" if value.fields().is_some() => relation.extra = value.json(),
            "extra" => return wrong(at, "an object"),
            "amountWan" | "period" => {}
            _ => return Ok(false),
        }
        Ok(true)
    })
}
