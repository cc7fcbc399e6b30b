//! `breaker(consecutive = 100, share = "20% of 1000")`: when so many failures are no longer single records' matter.

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};
use syn::{Error, Ident, LitInt, LitStr, Token};

use super::option::{Value, Written};
use crate::diag::Diagnostics;

/// When the breaker of a node opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Breaker {
    /// So many failures one right after another.
    pub(crate) consecutive: Option<u32>,
    /// So many percent of so many calls.
    pub(crate) share: Option<(u32, u32)>,
}

/// Reads the option.
pub(crate) fn parse_breaker(written: &Written, diag: &Diagnostics) -> Option<Breaker> {
    let breaker = match &written.value {
        Value::List(tokens) => parse_limits.parse2(tokens.clone()).ok(),
        Value::Is(_) | Value::Nothing => None,
    };
    if breaker.is_none() {
        let wanted = "a number of failures in a row, `consecutive = 100`, or a share, `share = \"20% of 1000\"` of its \
                      calls, or both";
        written.refuse(
            diag,
            wanted,
            "breaker(consecutive = 100, share = \"20% of 1000\")",
        );
    }
    breaker
}

fn parse_limits(input: ParseStream<'_>) -> syn::Result<Breaker> {
    let mut breaker = Breaker::default();
    while !input.is_empty() {
        let name: Ident = input.parse()?;
        input.parse::<Token![=]>()?;
        let twice = match name.to_string().as_str() {
            "consecutive" => {
                let number: u32 = input.parse::<LitInt>()?.base10_parse()?;
                breaker.consecutive.replace(number).is_some() || number == 0
            }
            "share" => {
                let text: LitStr = input.parse()?;
                let share = share_of(&text.value());
                let share = share.ok_or_else(|| Error::new(text.span(), "no share"))?;
                breaker.share.replace(share).is_some()
            }
            _ => true,
        };
        if twice {
            return Err(Error::new(name.span(), "no limit"));
        }
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    match breaker == Breaker::default() {
        true => Err(Error::new_spanned(TokenStream::new(), "no limit at all")),
        false => Ok(breaker),
    }
}

/// `20% of 1000`: 1 to 100 percent of at least one call, which come to at least one.
fn share_of(text: &str) -> Option<(u32, u32)> {
    let (percent, of) = text.split_once("% of ")?;
    let percent: u32 = percent.trim().parse().ok()?;
    let of: u32 = of.trim().replace('_', "").parse().ok()?;
    ((1..=100).contains(&percent) && of > 0).then_some((percent, of))
}

#[cfg(test)]
mod tests {
    use super::share_of;

    #[test]
    fn shares() {
        assert_eq!(share_of("20% of 1000"), Some((20, 1000)));
        assert_eq!(share_of("100% of 1_000"), Some((100, 1000)));
        for wrong in [
            "20%",
            "20 of 100",
            "0% of 10",
            "101% of 10",
            "20% of 0",
            "20% of many",
            "-1% of 5",
            "",
        ] {
            assert_eq!(share_of(wrong), None, "{wrong}");
        }
    }
}
