//! Options of an attribute before anyone knows what they mean: `name`, `name = value`, `name(values)`; the slots that
//! hold what was given; and the table that brings the two together. The options themselves are in `node` and `pipeline`.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Ident, Token, token};

use crate::diag::Diagnostics;
use crate::message::attribute as message;
use crate::suggest;
use crate::symbol::Word;

/// One option as it is written.
pub(crate) struct Written {
    pub(crate) name: Ident,
    pub(crate) value: Value,
}

/// What follows an option's name.
pub(crate) enum Value {
    Nothing,
    Is(TokenStream),
    List(TokenStream),
}

/// One row of a table of options: what it is called, on which attributes it may stand, and how it is read.
pub(crate) struct Row<T: 'static> {
    pub(crate) name: &'static str,
    pub(crate) on: &'static [Word],
    pub(crate) read: fn(&mut T, &Written, &Diagnostics),
}

/// The place of one option: remembers the words that filled it.
pub(crate) struct Slot<T> {
    given: Option<Ident>,
    value: Option<T>,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Slot {
            given: None,
            value: None,
        }
    }
}

impl<T> Slot<T> {
    /// Fills the slot. A second filling is reported at the second name.
    pub(crate) fn fill(
        &mut self,
        written: &Written,
        diag: &Diagnostics,
        read: impl FnOnce(&Written, &Diagnostics) -> Option<T>,
    ) {
        if self.given.is_some() {
            return diag.report(
                &message::GIVEN_TWICE,
                &written.name,
                &[("option", &written.name)],
            );
        }
        self.given = Some(written.name.clone());
        self.value = read(written, diag);
    }

    /// The option's name as the user wrote it, also when its value could not be read.
    pub(crate) fn given(&self) -> Option<&Ident> {
        self.given.as_ref()
    }

    /// The value, where it was given and could be read.
    pub(crate) fn value(&self) -> Option<&T> {
        self.value.as_ref()
    }
}

impl Written {
    /// The tokens to put the caret under: the value where there is one, else the name.
    pub(crate) fn caret(&self) -> TokenStream {
        match &self.value {
            Value::Is(tokens) | Value::List(tokens) if !tokens.is_empty() => tokens.clone(),
            _ => self.name.to_token_stream(),
        }
    }

    /// Reports that the value has not the right form.
    pub(crate) fn refuse(&self, diag: &Diagnostics, wanted: &str, example: &str) {
        diag.report(
            &message::OPTION_VALUE,
            self.caret(),
            &[
                ("option", &self.name),
                ("wanted", &wanted),
                ("example", &example),
            ],
        );
    }
}

/// What an attribute says, and whether something in it could not be read or placed: then what seems to be missing may
/// only be misspelt.
pub(crate) struct WrittenOptions {
    pub(crate) list: Vec<Written>,
    pub(crate) incomplete: bool,
}

/// Splits an attribute's tokens into options. What cannot be read is reported and passed over up to the next comma.
pub(crate) fn parse_options(word: Word, tokens: TokenStream, diag: &Diagnostics) -> WrittenOptions {
    let mut options = WrittenOptions {
        list: Vec::new(),
        incomplete: false,
    };
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            match parse_option(input) {
                Ok(option) => options.list.push(option),
                Err(error) => {
                    options.incomplete = true;
                    report_syntax(word, &error, diag);
                    value_tokens(input)?;
                }
            }
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(())
    };
    if let Err(error) = parser.parse2(tokens) {
        options.incomplete = true;
        report_syntax(word, &error, diag);
    }
    options
}

/// Reports something that is not even of the form of an option, in the parser's words.
fn report_syntax(word: Word, error: &syn::Error, diag: &Diagnostics) {
    let example = match word {
        Word::Pipeline => "#[pipeline(group = \"billing\", interval = \"10s\")]",
        Word::Source => "#[source(topic = \"orders\", on_error = skip)]",
        Word::Map => "#[map(from = order, concurrency = 64)]",
        Word::Filter => "#[filter(from = order, on_error = skip)]",
        Word::FlatMap => "#[flat_map(from = order, on_error = skip)]",
        Word::Accumulate => "#[accumulate(from = amount, start = 0)]",
        Word::ForeachMap => "#[foreach_map(from = order.partition(5))]",
        Word::ForeachAsync => "#[foreach_async(from = order.partition(5))]",
        Word::Healed => "#[healed]",
        Word::Sink => "#[sink(from = order, topic = \"priced\")]",
    };
    diag.report(
        &message::SYNTAX,
        Ident::new("_", error.span()),
        &[
            ("word", &word.text()),
            ("error", error),
            ("example", &example),
        ],
    );
}

/// Puts each option into its place by the table. Says whether all have one.
pub(crate) fn fill_slots<T>(
    word: Word,
    rows: &[Row<T>],
    written: &[Written],
    into: &mut T,
    diag: &Diagnostics,
) -> bool {
    let mut all_placed = true;
    for option in written {
        let name = option.name.unraw().to_string();
        match rows
            .iter()
            .find(|row| row.name == name && row.on.contains(&word))
        {
            Some(row) => (row.read)(into, option, diag),
            None => {
                all_placed = false;
                report_unknown(word, rows, option, diag);
            }
        }
    }
    all_placed
}

/// An option that this attribute has not: misplaced or misspelt.
fn report_unknown<T>(word: Word, rows: &[Row<T>], option: &Written, diag: &Diagnostics) {
    let name = option.name.unraw().to_string();
    let mine = || {
        rows.iter()
            .filter(|row| row.on.contains(&word))
            .map(|row| row.name)
    };
    let elsewhere = rows.iter().find(|row| row.name == name);
    let bare = matches!(option.value, Value::Nothing) && mine().any(|name| name == "from");
    let instead = match (suggest::nearest(&name, mine()), elsewhere) {
        (None, None) if bare => format!("write `from = {name}`"),
        (Some(near), None) => format!("did you mean `{near}`?"),
        (_, Some(row)) => {
            let places: Vec<String> = row
                .on
                .iter()
                .map(|word| format!("#[{}]", word.text()))
                .collect();
            format!(
                "`{name}` belongs on {}",
                suggest::listed(places.iter().map(String::as_str))
            )
        }
        (None, None) => format!("it has {}", suggest::listed(mine())),
    };
    diag.report(
        &message::UNKNOWN_OPTION,
        &option.name,
        &[
            ("word", &word.text()),
            ("option", &name),
            ("instead", &instead),
        ],
    );
}

fn parse_option(input: ParseStream<'_>) -> syn::Result<Written> {
    let name = input
        .call(Ident::parse_any)
        .map_err(|error| syn::Error::new(error.span(), "expected the name of an option"))?;
    let value = if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        Value::Is(value_tokens(input)?)
    } else if input.peek(token::Paren) {
        let content;
        syn::parenthesized!(content in input);
        Value::List(content.parse()?)
    } else {
        Value::Nothing
    };
    if !input.is_empty() && !input.peek(Token![,]) {
        return Err(input.error("expected `,`"));
    }
    Ok(Written { name, value })
}

/// The tokens of an expression, whose types may have commas of their own, as in `Totals::<u8, u64>::new()`; where there is
/// none, up to the next comma.
fn value_tokens(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut tokens = quote!();
    let ahead = input.fork();
    let whole = ahead.parse::<Expr>().is_ok() && (ahead.is_empty() || ahead.peek(Token![,]));
    while whole && input.cursor() != ahead.cursor() {
        tokens.extend([input.parse::<TokenTree>()?]);
    }
    while !input.is_empty() && !input.peek(Token![,]) {
        tokens.extend([input.parse::<TokenTree>()?]);
    }
    Ok(tokens)
}
