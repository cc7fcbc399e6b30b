//! The annotated module, split into node functions and everything else. Bodies and other items are never parsed: they are
//! passed on token by token, so that half-typed code keeps its completion and rustc its own messages.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Ident, Signature, Token, Visibility, token};

use super::function::{
    Attributes, DECLARE, NodeFn, declaration_ahead, parse_attributes, parse_node_fn,
};
use crate::diag::Diagnostics;
use crate::message::place;

/// `mod name { … }`.
pub(crate) struct Module {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) keyword: Token![mod],
    pub(crate) name: Ident,
    pub(crate) braces: Group,
    pub(crate) pieces: Vec<Piece>,
    /// Names of items that were meant as nodes and could not be read; `_` where there is not even a name.
    pub(crate) unread: Vec<Ident>,
}

/// A part of the module's contents, in the order they are written.
pub(crate) enum Piece {
    Other(OtherItem),
    Node(Box<NodeFn>),
}

/// An item that is no node, or a part of one.
#[derive(Default)]
pub(crate) struct OtherItem {
    pub(crate) tokens: TokenStream,
    /// What it declares: the keyword and the name.
    pub(crate) declares: Vec<(String, Ident)>,
}

/// Reads the annotated item. `None` if it is not an inline module: then it has been reported.
pub(crate) fn parse_module(item: &TokenStream, diag: &Diagnostics) -> Option<Module> {
    let parser = |input: ParseStream<'_>| parse_header(input, diag);
    match parser.parse2(item.clone()) {
        Ok(module) => module,
        Err(_) => {
            let caret = item.clone().into_iter().next();
            diag.report(&place::NOT_A_MODULE, caret, &[]);
            None
        }
    }
}

fn parse_header(input: ParseStream<'_>, diag: &Diagnostics) -> syn::Result<Option<Module>> {
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility = input.parse()?;
    let keyword = input.parse()?;
    let name: Ident = input.parse()?;
    if input.peek(Token![;]) {
        input.parse::<Token![;]>()?;
        diag.report(&place::NOT_INLINE, &name, &[("name", &name)]);
        return Ok(None);
    }
    if !input.peek(token::Brace) {
        return Err(input.error("expected `{ … }`"));
    }
    let braces: Group = input.parse()?;
    let mut module = Module {
        attributes,
        visibility,
        keyword,
        name,
        pieces: Vec::new(),
        unread: Vec::new(),
        braces,
    };
    let contents = module.braces.stream();
    let parser = |input: ParseStream<'_>| parse_contents(input, &mut module, diag);
    parser.parse2(contents)?;
    Ok(Some(module))
}

fn parse_contents(
    input: ParseStream<'_>,
    module: &mut Module,
    diag: &Diagnostics,
) -> syn::Result<()> {
    while !input.is_empty() {
        if let Some(inner) = parse_inner_attribute(input)? {
            module.pieces.push(Piece::Other(OtherItem {
                tokens: inner,
                declares: Vec::new(),
            }));
            continue;
        }
        let mut attributes = parse_attributes(input)?;
        if !attributes.ours.is_empty() {
            if let Some(node) = parse_node_fn(&mut attributes, input, diag) {
                module.pieces.push(Piece::Node(Box::new(node)));
                continue;
            }
            let name = declaration_ahead(input).and_then(|(_, name)| name);
            module
                .unread
                .push(name.unwrap_or_else(|| Ident::new("_", input.span())));
        }
        module
            .pieces
            .push(Piece::Other(parse_other_item(&attributes, input)?));
    }
    Ok(())
}

/// `#![allow(…)]` and `//! …`.
fn parse_inner_attribute(input: ParseStream<'_>) -> syn::Result<Option<TokenStream>> {
    if !(input.peek(Token![#]) && input.peek2(Token![!])) {
        return Ok(None);
    }
    let pound = input.parse::<Token![#]>()?;
    let bang = input.parse::<Token![!]>()?;
    let rest = if input.peek(token::Bracket) {
        Some(input.parse::<Group>()?)
    } else {
        None
    };
    Ok(Some(quote!(#pound #bang #rest)))
}

/// Everything up to the next attribute, brace group or semicolon: an item, or a part of one. Where exactly an item is cut
/// does not matter, since all parts are put back together.
fn parse_other_item(attributes: &Attributes, input: ParseStream<'_>) -> syn::Result<OtherItem> {
    let mut item = OtherItem::default();
    item.tokens
        .extend(attributes.others.iter().map(|other| other.tokens.clone()));
    let mut last_word = String::new();
    while !input.is_empty() && (item.tokens.is_empty() || !input.peek(Token![#])) {
        let token = input.parse::<TokenTree>()?;
        let ends = match &token {
            TokenTree::Group(group) => group.delimiter() == proc_macro2::Delimiter::Brace,
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Ident(word) => {
                if DECLARE.contains(&last_word.as_str()) {
                    item.declares.push((last_word, word.clone()));
                }
                last_word = word.to_string();
                false
            }
            TokenTree::Literal(_) => false,
        };
        token.to_tokens(&mut item.tokens);
        if ends {
            break;
        }
    }
    Ok(item)
}

impl Module {
    /// The node functions, in the order they are written.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = &NodeFn> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Node(node) => Some(&**node),
            Piece::Other(_) => None,
        })
    }

    /// The function of this name that is no node: what stands before its body.
    pub(crate) fn function(&self, name: &Ident) -> Option<Signature> {
        let others = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Node(_) => None,
            Piece::Other(item) => Some(item),
        });
        let mut named = others.filter(|item| {
            let mut declares = item.declares.iter();
            declares.any(|(keyword, declared)| keyword == "fn" && declared == name)
        });
        let parser = |input: ParseStream<'_>| {
            input.call(Attribute::parse_outer)?;
            input.parse::<Visibility>()?;
            let signature: Signature = input.parse()?;
            input.parse::<TokenStream>()?;
            Ok(signature)
        };
        named.find_map(|item| parser.parse2(item.tokens.clone()).ok())
    }

    /// What items other than nodes declare: the keyword and the name.
    pub(crate) fn declared(&self) -> impl Iterator<Item = &(String, Ident)> {
        let declares = self.pieces.iter().map(|piece| match piece {
            Piece::Node(_) => &[],
            Piece::Other(item) => item.declares.as_slice(),
        });
        declares.flatten()
    }
}
