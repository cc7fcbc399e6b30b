//! The options that say how a node's calls are made, and made again: `retry(…)`, `order_by`. Whether they make sense on a
//! node is for `check`.

use std::time::Duration;

use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Ident, LitInt, LitStr, Path, Token};

use super::option::{Value, Written};
use super::value::{duration_of, parse_value};
use crate::diag::Diagnostics;

/// `retry(max = 5, backoff = "100ms..10s", jitter, on = is_transient)`.
pub(crate) struct Retry {
    pub(crate) max: usize,
    pub(crate) from: Duration,
    pub(crate) to: Duration,
    pub(crate) jitter: bool,
    pub(crate) on: Option<Path>,
}

/// Which calls wait for one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    None,
    Partition,
    Key,
}

/// `order_by = key`.
pub(crate) fn parse_order(written: &Written, diag: &Diagnostics) -> Option<Order> {
    let word = parse_value::<Ident>(written).map(|word| word.to_string());
    match word.as_deref() {
        Some("none") => Some(Order::None),
        Some("partition") => Some(Order::Partition),
        Some("key") => Some(Order::Key),
        _ => {
            written.refuse(diag, "`partition`, `key` or `none`", "order_by = key");
            None
        }
    }
}

/// `flush = write_out`.
pub(crate) fn parse_flush(written: &Written, diag: &Diagnostics) -> Option<Ident> {
    let name = parse_value::<Ident>(written);
    if name.is_none() {
        let wanted = "the name of a function in the module";
        written.refuse(diag, wanted, "flush = write_out");
    }
    name
}

/// One word of what stands in the parentheses of `retry`.
enum Said {
    Max(Ident, LitInt),
    Backoff(Ident, LitStr),
    Jitter(Ident),
    On(Ident, Path),
}

impl Parse for Said {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name: Ident = input.parse()?;
        let is = |input: ParseStream<'_>| input.parse::<Token![=]>().map(drop);
        match name.to_string().as_str() {
            "max" => is(input).and_then(|()| Ok(Said::Max(name, input.parse()?))),
            "backoff" => is(input).and_then(|()| Ok(Said::Backoff(name, input.parse()?))),
            "on" => is(input).and_then(|()| Ok(Said::On(name, input.parse()?))),
            "jitter" => Ok(Said::Jitter(name)),
            _ => Err(syn::Error::new(name.span(), "no option of `retry`")),
        }
    }
}

impl Said {
    fn name(&self) -> &Ident {
        match self {
            Said::Max(name, _)
            | Said::Backoff(name, _)
            | Said::Jitter(name)
            | Said::On(name, _) => name,
        }
    }
}

const EXAMPLE: &str = "retry(max = 5, backoff = \"100ms..10s\")";

/// `retry(max = 5)`.
pub(crate) fn parse_retry(written: &Written, diag: &Diagnostics) -> Option<Retry> {
    use crate::message::attribute::{GIVEN_TWICE, OPTION_VALUE};
    let parser = Punctuated::<Said, Token![,]>::parse_terminated;
    let said = match &written.value {
        Value::List(tokens) => parser.parse2(tokens.clone()).ok(),
        _ => None,
    };
    let Some(said) = said else {
        let wanted =
            "`max`, the number of further attempts, and if need be `backoff`, `jitter` and `on`";
        written.refuse(diag, wanted, EXAMPLE);
        return None;
    };
    let mut retry = Retry {
        max: 0,
        from: Duration::from_millis(100),
        to: Duration::from_secs(10),
        jitter: false,
        on: None,
    };
    let mut seen: Vec<&Ident> = Vec::new();
    let mut wrong = false;
    for one in &said {
        let name = one.name();
        if seen.contains(&name) {
            diag.report(&GIVEN_TWICE, name, &[("option", name)]);
            wrong = true;
        }
        seen.push(name);
        match one {
            Said::Max(_, max) => match max.base10_parse::<u32>().ok().filter(|max| *max > 0) {
                Some(max) => retry.max = max as usize,
                None => {
                    let wanted = "a number of further attempts, at least 1";
                    diag.report(
                        &OPTION_VALUE,
                        max,
                        &[
                            ("option", &"max"),
                            ("wanted", &wanted),
                            ("example", &"max = 5"),
                        ],
                    );
                    wrong = true;
                }
            },
            Said::Backoff(_, range) => match range_of(&range.value()) {
                Some((from, to)) => (retry.from, retry.to) = (from, to),
                None => {
                    let wanted = "the time before the first further attempt, two dots, and the longest time between two";
                    diag.report(
                        &OPTION_VALUE,
                        range,
                        &[
                            ("option", &"backoff"),
                            ("wanted", &wanted),
                            ("example", &"backoff = \"100ms..10s\""),
                        ],
                    );
                    wrong = true;
                }
            },
            Said::Jitter(_) => retry.jitter = true,
            Said::On(_, path) => retry.on = Some(path.clone()),
        }
    }
    if !seen.iter().any(|name| *name == "max") {
        written.refuse(diag, "`max`, the number of further attempts", EXAMPLE);
        wrong = true;
    }
    (!wrong).then_some(retry)
}

/// `100ms..10s`: from a shorter time to a longer one, or to the same.
fn range_of(text: &str) -> Option<(Duration, Duration)> {
    let (from, to) = text.split_once("..")?;
    let range = (duration_of(from.trim())?, duration_of(to.trim())?);
    (range.0 <= range.1).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_times() {
        let seconds = Duration::from_secs;
        assert_eq!(range_of("1s..2m"), Some((seconds(1), seconds(120))));
        assert_eq!(range_of("3s .. 3s"), Some((seconds(3), seconds(3))));
        for wrong in ["10s..1s", "10s", "..10s", "1s..", "1s...2s", "a..b"] {
            assert_eq!(range_of(wrong), None, "{wrong}");
        }
    }
}
