//! The forms a value of an option can have: text, number, duration, word, list. What they are for is in `node` and `pipeline`.

use std::time::Duration;

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Ident, LitBool, LitInt, LitStr, Token, token};

use super::option::{Value, Written};
use crate::diag::Diagnostics;

/// What a node does with a failure.
#[derive(Clone, Debug, Default)]
pub(crate) enum Policy {
    #[default]
    Halt,
    Skip,
    DeadLetter(DeadLetter),
}

impl Policy {
    /// Whether the pipeline goes on after it.
    pub(crate) fn goes_on(&self) -> bool {
        !matches!(self, Policy::Halt)
    }
}

/// `dead_letter("orders-dlq", style = spring)`.
#[derive(Clone, Debug)]
pub(crate) struct DeadLetter {
    /// The word itself.
    pub(crate) word: Ident,
    /// In place of `<topic>.<group>.dlq`.
    pub(crate) topic: Option<LitStr>,
    pub(crate) style: Style,
}

/// Whose headers a dead letter has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Style {
    #[default]
    Connect,
    Spring,
    Streams,
}

/// How often the outputs of a record come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    AtLeastOnce,
    ExactlyOnce,
}

impl Delivery {
    const ALL: [Delivery; 2] = [Delivery::AtLeastOnce, Delivery::ExactlyOnce];

    /// As it is written.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Delivery::AtLeastOnce => "at_least_once",
            Delivery::ExactlyOnce => "exactly_once",
        }
    }
}

/// One librdkafka property.
pub(crate) struct Property {
    pub(crate) name: LitStr,
    pub(crate) value: LitStr,
}

impl Parse for Property {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok(Property {
            name,
            value: input.parse()?,
        })
    }
}

/// `topic = "orders"`.
pub(crate) fn parse_text(written: &Written, diag: &Diagnostics) -> Option<LitStr> {
    let text = parse_value::<LitStr>(written).filter(|text| !text.value().trim().is_empty());
    if text.is_none() {
        let example = format!("{} = \"…\"", written.name);
        written.refuse(diag, "a text in quotes that is not empty", &example);
    }
    text
}

/// `files = "data/*.csv"`.
pub(crate) fn parse_pattern(written: &Written, diag: &Diagnostics) -> Option<LitStr> {
    let text = parse_text(written, diag)?;
    let Err(error) = glob::Pattern::new(&text.value()) else {
        return Some(text);
    };
    let wanted = format!(
        "a pattern of file names, and this is none from its character {} on: {}",
        error.pos + 1,
        error.msg
    );
    let example = format!("{} = \"data/*.csv\"", written.name);
    written.refuse(diag, &wanted, &example);
    None
}

/// `concurrency = 64`.
pub(crate) fn parse_count(written: &Written, diag: &Diagnostics) -> Option<usize> {
    let count = parse_value::<LitInt>(written)
        .and_then(|number| number.base10_parse::<u32>().ok())
        .and_then(|number| usize::try_from(number).ok())
        .filter(|number| *number > 0);
    if count.is_none() {
        let example = format!("{} = 64", written.name);
        written.refuse(diag, "a whole number, at least 1", &example);
    }
    count
}

/// `done_set = false`.
pub(crate) fn parse_truth(written: &Written, diag: &Diagnostics) -> Option<bool> {
    let truth = parse_value::<LitBool>(written).map(|truth| truth.value);
    if truth.is_none() {
        let example = format!("{} = false", written.name);
        written.refuse(diag, "`true` or `false`", &example);
    }
    truth
}

/// `interval = "10s"`.
pub(crate) fn parse_duration(written: &Written, diag: &Diagnostics) -> Option<LitStr> {
    let text = parse_value::<LitStr>(written).filter(|text| duration_of(&text.value()).is_some());
    if text.is_none() {
        let example = format!("{} = \"10s\"", written.name);
        let wanted = "a duration above zero in quotes: a number and one of `ms`, `s`, `m`, `h`";
        written.refuse(diag, wanted, &example);
    }
    text
}

/// `on_error = skip`.
pub(crate) fn parse_policy(written: &Written, diag: &Diagnostics) -> Option<Policy> {
    let policy = match &written.value {
        Value::Is(tokens) => parse_policy_word.parse2(tokens.clone()).ok(),
        _ => None,
    };
    if policy.is_none() {
        let wanted = "`halt`, `skip`, `dead_letter` or `dead_letter(\"topic\")`, the last two also with \
                      `style = connect`, `spring` or `streams`";
        let example = format!("{} = dead_letter(\"orders-dlq\")", written.name);
        written.refuse(diag, wanted, &example);
    }
    policy
}

fn parse_policy_word(input: ParseStream<'_>) -> syn::Result<Policy> {
    let word: Ident = input.parse()?;
    match word.to_string().as_str() {
        "halt" => Ok(Policy::Halt),
        "skip" => Ok(Policy::Skip),
        "dead_letter" => {
            let (topic, style) = match input.peek(token::Paren) {
                true => parse_dead_letter(input)?,
                false => Default::default(),
            };
            Ok(Policy::DeadLetter(DeadLetter { word, topic, style }))
        }
        _ => Err(syn::Error::new(word.span(), "no policy")),
    }
}

/// `("orders-dlq", style = spring)`, either alone as well.
fn parse_dead_letter(input: ParseStream<'_>) -> syn::Result<(Option<LitStr>, Style)> {
    let content;
    syn::parenthesized!(content in input);
    let topic: Option<LitStr> = content.parse()?;
    if topic.is_some() {
        content.parse::<Option<Token![,]>>()?;
    }
    let mut style = None;
    if topic.is_none() || !content.is_empty() {
        let option: Ident = content.parse()?;
        content.parse::<Token![=]>()?;
        let word: Ident = content.parse()?;
        style = match (option.to_string().as_str(), word.to_string().as_str()) {
            ("style", "connect") => Some(Style::Connect),
            ("style", "spring") => Some(Style::Spring),
            ("style", "streams") => Some(Style::Streams),
            _ => return Err(syn::Error::new(word.span(), "no style")),
        };
        content.parse::<Option<Token![,]>>()?;
    }
    Ok((topic, style.unwrap_or_default()))
}

/// `delivery = exactly_once`.
pub(crate) fn parse_delivery(written: &Written, diag: &Diagnostics) -> Option<Delivery> {
    let word = parse_value::<Ident>(written);
    let mut all = Delivery::ALL.into_iter();
    let delivery = all.find(|delivery| word.as_ref().is_some_and(|word| word == delivery.text()));
    if delivery.is_none() {
        let wanted = "`at_least_once` or `exactly_once`";
        written.refuse(diag, wanted, "delivery = exactly_once");
    }
    delivery
}

/// `topics = ["orders", "returns"]`.
pub(crate) fn parse_texts(written: &Written, diag: &Diagnostics) -> Option<Vec<LitStr>> {
    let texts = match &written.value {
        Value::Is(tokens) => parse_list_in_brackets(tokens.clone()).ok(),
        _ => None,
    };
    let texts = texts.filter(|texts| !texts.is_empty());
    if texts.is_none() {
        let example = format!("{} = [\"orders\", \"returns\"]", written.name);
        written.refuse(
            diag,
            "a list of texts in brackets that is not empty",
            &example,
        );
    }
    texts
}

/// `properties("fetch.min.bytes" = "1")`.
pub(crate) fn parse_properties(written: &Written, diag: &Diagnostics) -> Option<Vec<Property>> {
    let parser = Punctuated::<Property, Token![,]>::parse_terminated;
    let properties = match &written.value {
        Value::List(tokens) => parser.parse2(tokens.clone()).ok(),
        _ => None,
    };
    if properties.is_none() {
        let wanted = "names and values, both in quotes";
        written.refuse(diag, wanted, "properties(\"fetch.min.bytes\" = \"1\")");
    }
    properties.map(|list| list.into_iter().collect())
}

/// `start = Totals::default()`.
pub(crate) fn parse_expression(written: &Written, diag: &Diagnostics) -> Option<syn::Expr> {
    let expression = parse_value::<syn::Expr>(written);
    if expression.is_none() {
        let example = format!("{} = 0", written.name);
        written.refuse(diag, "an expression", &example);
    }
    expression
}

/// `emit`, alone.
pub(crate) fn parse_flag(written: &Written, diag: &Diagnostics) -> Option<()> {
    if let Value::Nothing = written.value {
        return Some(());
    }
    written.refuse(diag, "no value", &written.name.to_string());
    None
}

fn parse_value<T: Parse>(written: &Written) -> Option<T> {
    match &written.value {
        Value::Is(tokens) => syn::parse2(tokens.clone()).ok(),
        _ => None,
    }
}

fn parse_list_in_brackets(tokens: TokenStream) -> syn::Result<Vec<LitStr>> {
    let parser = |input: ParseStream<'_>| {
        let content;
        syn::bracketed!(content in input);
        let list = Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?;
        Ok(list.into_iter().collect())
    };
    parser.parse2(tokens)
}

/// A duration above zero: a number and a unit.
pub(crate) fn duration_of(text: &str) -> Option<Duration> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let number = u64::from(number.parse::<u32>().ok().filter(|number| *number > 0)?);
    match unit.trim() {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_secs(number * 60)),
        "h" => Some(Duration::from_secs(number * 3600)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::duration_of;

    #[test]
    fn durations() {
        for right in ["10s", "500ms", "2m", "1h", "10 s"] {
            assert!(duration_of(right).is_some(), "{right}");
        }
        for wrong in [
            "10",
            "s",
            "",
            "0s",
            "-1s",
            "1.5s",
            "10 apples",
            "99999999999s",
        ] {
            assert_eq!(duration_of(wrong), None, "{wrong}");
        }
    }
}
