//! The words the macros know: attributes, names they generate, names they reserve. No rules and no tokens of the user's.

use proc_macro2::Span;
use quote::format_ident;
use syn::ext::IdentExt;
use syn::{Ident, Path};

/// An attribute that takes options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    Pipeline,
    Source,
    Map,
    Filter,
    FlatMap,
    Accumulate,
    ForeachMap,
    ForeachAsync,
    Sink,
    Healed,
}

/// The attributes that make a function a node.
const NODES: &[Word] = &[
    Word::Source,
    Word::Map,
    Word::Filter,
    Word::FlatMap,
    Word::Accumulate,
    Word::ForeachMap,
    Word::ForeachAsync,
    Word::Sink,
    Word::Healed,
];

/// What `#[pipeline]` adds to the module, so that no item of the user's may be called so.
const RESERVED: &[&str] = &["main", "pipeline", "Resources", "Emit"];

/// Words that are options inside operators' parentheses, so that no node may be called so, each with a name that says
/// much the same.
const OPERATOR_WORDS: &[(&str, &str)] = &[
    ("hold", "held"),
    ("any_order", "unordered"),
    ("volatile", "in_memory"),
];

/// The start of every hidden name.
const HIDDEN: &str = "__waterhealer";

/// The lifetime that ties a carrier to its record. rustc prints it, so it is a word of the field.
pub(crate) const BRAND: &str = "'record";

/// The types that carry a brand.
pub(crate) const TRACKED: &str = "Tracked";
pub(crate) const BATCH: &str = "Batch";
pub(crate) const DONE: &str = "Done";

/// What a batch holds: never a node's to take or to give.
pub(crate) const ROWS: &str = "Rows";

/// All carriers.
pub(crate) const CARRIERS: &[&str] = &[TRACKED, BATCH, DONE];

/// What an attribute on a function of the module means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Node(Word),
    Foreign,
}

impl Word {
    /// The word as it is written.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Word::Pipeline => "pipeline",
            Word::Source => "source",
            Word::Map => "map",
            Word::Filter => "filter",
            Word::FlatMap => "flat_map",
            Word::Accumulate => "accumulate",
            Word::ForeachMap => "foreach_map",
            Word::ForeachAsync => "foreach_async",
            Word::Sink => "sink",
            Word::Healed => "healed",
        }
    }

    /// What an attribute means: `#[map]`, `#[waterhealer::map]` and `#[waterhealer::prelude::map]` are one.
    pub(crate) fn meaning(path: &Path) -> Meaning {
        let ours = path.segments.len() == 1
            || path
                .segments
                .first()
                .is_some_and(|s| s.ident == "waterhealer");
        let Some(last) = path.segments.last().filter(|_| ours) else {
            return Meaning::Foreign;
        };
        let node = NODES.iter().find(|word| last.ident == word.text());
        node.map_or(Meaning::Foreign, |word| Meaning::Node(*word))
    }
}

/// Whether the pipeline keeps a name for itself.
pub(crate) fn is_reserved(name: &Ident) -> bool {
    RESERVED.iter().any(|reserved| name == reserved) || name.to_string().starts_with(HIDDEN)
}

/// For a word that is an option of operators: a name to use in its place.
pub(crate) fn instead_of_operator_word(name: &Ident) -> Option<&'static str> {
    let mut words = OPERATOR_WORDS.iter();
    words
        .find(|(word, _)| name.unraw() == *word)
        .map(|(_, instead)| *instead)
}

/// Words that are options inside operators' parentheses.
pub(crate) fn operator_words() -> impl Iterator<Item = &'static str> {
    OPERATOR_WORDS.iter().map(|(word, _)| *word)
}

/// Whether an item of the user's stands where one of the pipeline's does: functions and types do not disturb one another.
pub(crate) fn clashes(keyword: &str, name: &Ident) -> bool {
    let of_functions = name == "main" || name == "pipeline";
    let same_kind = match keyword {
        "fn" | "const" | "static" => of_functions,
        "struct" | "enum" | "union" | "trait" | "type" | "mod" => !of_functions,
        _ => false,
    };
    is_reserved(name) && (same_kind || name.to_string().starts_with(HIDDEN))
}

/// A hidden name for something of a node: `__waterhealer_in_price`.
pub(crate) fn hidden(what: &str, node: &Ident) -> Ident {
    // As an argument, so that the `r#` of a raw identifier is taken off.
    format_ident!("{HIDDEN}_{what}_{}", node, span = Span::call_site())
}
