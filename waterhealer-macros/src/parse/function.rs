//! One node function: its attributes, its signature, its body as it stands.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::{Ident, Meta, Path, Signature, Token, Visibility};

use super::node::{NodeOptions, parse_node_options};
use crate::diag::Diagnostics;
use crate::message::{attribute as message, function};
use crate::symbol::{Meaning, Word};

/// A function with a node attribute.
pub(crate) struct NodeFn {
    pub(crate) word: Word,
    /// The path of the node attribute: `map`.
    pub(crate) attribute: Path,
    pub(crate) options: NodeOptions,
    /// The other attributes, in order.
    pub(crate) attributes: Vec<OtherAttribute>,
    pub(crate) visibility: Visibility,
    pub(crate) signature: Signature,
    pub(crate) body: Group,
    /// It has two node attributes, so that what it should look like is not known.
    pub(crate) ambiguous: bool,
}

/// An attribute that is not ours.
pub(crate) struct OtherAttribute {
    pub(crate) tokens: TokenStream,
    pub(crate) meta: Option<Meta>,
}

/// An attribute that is ours.
pub(crate) struct NodeAttribute {
    pub(crate) meaning: Meaning,
    pub(crate) path: Path,
    pub(crate) tokens: TokenStream,
}

/// The attributes in front of an item, ours and the others.
pub(crate) struct Attributes {
    pub(crate) ours: Vec<NodeAttribute>,
    pub(crate) others: Vec<OtherAttribute>,
}

/// Reads the attributes in front of an item. An attribute that cannot be read is passed on, for rustc to say so.
pub(crate) fn parse_attributes(input: ParseStream<'_>) -> syn::Result<Attributes> {
    let mut attributes = Attributes {
        ours: Vec::new(),
        others: Vec::new(),
    };
    while input.peek(Token![#]) && input.peek2(syn::token::Bracket) {
        let pound = input.parse::<Token![#]>()?;
        let bracket = input.parse::<Group>()?;
        match node_attribute(&bracket) {
            Some(ours) => attributes.ours.push(ours),
            None => {
                let tokens = quote!(#pound #bracket);
                let meta = syn::parse2(bracket.stream()).ok();
                attributes.others.push(OtherAttribute { tokens, meta });
            }
        }
    }
    Ok(attributes)
}

/// Reads the function under node attributes. `None` if there is none, or none that can be read: then it has been reported,
/// and `input` stands where it stood.
pub(crate) fn parse_node_fn(
    attributes: &mut Attributes,
    input: ParseStream<'_>,
    diag: &Diagnostics,
) -> Option<NodeFn> {
    let ahead = input.fork();
    let parsed = parse_signature(&ahead);
    let first = attributes.ours.first()?;
    let (word, path) = match &first.meaning {
        Meaning::Node(word) => (*word, first.path.clone()),
        Meaning::Foreign => return None,
    };
    let (visibility, signature, body) = match parsed {
        Ok(function) => function,
        Err(Problem::NotAFunction) => {
            diag.report(&function::NOT_A_FUNCTION, &path, &[("word", &word.text())]);
            return None;
        }
        Err(Problem::Syntax(error)) => {
            // A caret of one token: `new_spanned` takes tokens, and the error has only a place.
            let caret = Ident::new("_", error.span());
            diag.report(
                &function::UNREAD,
                caret,
                &[("word", &word.text()), ("error", &error)],
            );
            return None;
        }
    };
    let second = attributes.ours.get(1);
    let ambiguous = second.is_some();
    if let Some(second) = second {
        diag.report(
            &message::TWO_NODES,
            &second.path,
            &[("node", &signature.ident)],
        );
    }
    let options = parse_node_options(word, first.tokens.clone(), diag);
    syn::parse::discouraged::Speculative::advance_to(input, &ahead);
    let attributes = std::mem::take(&mut attributes.others);
    Some(NodeFn {
        word,
        attribute: path,
        options,
        attributes,
        visibility,
        signature,
        body,
        ambiguous,
    })
}

/// Keywords with a name after them.
pub(crate) const DECLARE: &[&str] = &[
    "fn", "struct", "enum", "union", "trait", "type", "mod", "const", "static",
];

/// The keyword and the name of the item ahead, however little of it can be read.
pub(crate) fn declaration_ahead(input: ParseStream<'_>) -> Option<(String, Option<Ident>)> {
    let ahead = input.fork();
    while !ahead.is_empty() && !ahead.peek(Token![#]) && !ahead.peek(syn::token::Brace) {
        let TokenTree::Ident(word) = ahead.parse::<TokenTree>().ok()? else {
            continue;
        };
        let word = word.to_string();
        let qualifier = word == "const"
            && (ahead.peek(Token![fn]) || ahead.peek(Token![unsafe]) || ahead.peek(Token![async]));
        if DECLARE.contains(&word.as_str()) && !qualifier {
            return Some((word, ahead.parse().ok()));
        }
    }
    None
}

enum Problem {
    NotAFunction,
    Syntax(syn::Error),
}

impl From<syn::Error> for Problem {
    fn from(error: syn::Error) -> Self {
        Problem::Syntax(error)
    }
}

fn parse_signature(input: ParseStream<'_>) -> Result<(Visibility, Signature, Group), Problem> {
    if declaration_ahead(input).is_none_or(|(keyword, _)| keyword != "fn") {
        return Err(Problem::NotAFunction);
    }
    let visibility = input.parse()?;
    let signature = input.parse()?;
    if !input.peek(syn::token::Brace) {
        return Err(input.error("expected the function's body, `{ … }`").into());
    }
    Ok((visibility, signature, input.parse()?))
}

/// What stands in `#[…]`, if it is one of our words: also where its arguments cannot be read.
fn node_attribute(bracket: &Group) -> Option<NodeAttribute> {
    let parser = |input: ParseStream<'_>| {
        let path = input.call(Path::parse_mod_style)?;
        Ok((path, input.parse::<TokenStream>()?))
    };
    let (path, rest) = parser.parse2(bracket.stream()).ok()?;
    let meaning = Word::meaning(&path);
    if meaning == Meaning::Foreign {
        return None;
    }
    let mut rest = rest.into_iter();
    let tokens = match (rest.next(), rest.next()) {
        (None, _) => TokenStream::new(),
        (Some(TokenTree::Group(group)), None) => group.stream(),
        // `#[map = order]`: handed on as it is, so that the parser of options says what it expected.
        (Some(first), second) => first
            .into_token_stream()
            .into_iter()
            .chain(second)
            .collect(),
    };
    Some(NodeAttribute {
        meaning,
        path,
        tokens,
    })
}

impl NodeFn {
    /// Whether the function may not be there, by `#[cfg]`.
    pub(crate) fn is_conditional(&self) -> bool {
        let metas = self
            .attributes
            .iter()
            .filter_map(|attribute| attribute.meta.as_ref());
        metas.into_iter().any(|meta| meta.path().is_ident("cfg"))
    }
}

impl OtherAttribute {
    /// The text of a doc comment's line.
    pub(crate) fn doc(&self) -> Option<String> {
        let Meta::NameValue(pair) = self
            .meta
            .as_ref()
            .filter(|meta| meta.path().is_ident("doc"))?
        else {
            return None;
        };
        match &pair.value {
            syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        }
    }
}
