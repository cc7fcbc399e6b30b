//! Questions about the names in a body: whether one is used, and how. Statements and calls are in `body`.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use syn::ext::IdentExt;

use super::body::is_sign;

/// Whether a name stands anywhere in the tokens, be it in braces inside a text: `println!("{name}")`.
pub(crate) fn names(name: &Ident, tokens: TokenStream) -> bool {
    let bare = name.unraw().to_string();
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident.unraw() == bare,
        TokenTree::Group(group) => names(name, group.stream()),
        TokenTree::Literal(literal) => in_braces(&bare, &literal.to_string()),
        TokenTree::Punct(_) => false,
    })
}

/// Whether some of the body is still to be written: `todo!()`.
pub(crate) fn is_unwritten(body: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = body.into_iter().collect();
    let inside = tokens.iter().any(|token| match token {
        TokenTree::Group(group) => is_unwritten(group.stream()),
        _ => false,
    });
    let here = tokens.windows(2).any(|pair| match pair {
        [TokenTree::Ident(word), sign] => {
            is_sign(sign, '!') && (word == "todo" || word == "unimplemented")
        }
        _ => false,
    });
    inside || here
}

/// What is done with the value of a name, each time: the method that is called on it, if it is one. Making it is no use of
/// it, and letting it go (`drop(name)`, `let _ = name;`) is none either.
pub(crate) fn uses(name: &Ident, tokens: TokenStream) -> Vec<Option<Ident>> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let (before, after) = (&tokens[..index], &tokens[index + 1..]);
        match token {
            TokenTree::Group(group) if lets_go(before) && holds_only(name, group) => {}
            TokenTree::Group(group) => found.extend(uses(name, group.stream())),
            TokenTree::Ident(ident) if ident == name && !is_made_or_let_go(before, after) => {
                found.push(method_after(after).cloned());
            }
            _ => {}
        }
    }
    found
}

/// Whether what stands before parentheses lets go of what is in them: `drop`, `std::mem::forget`.
pub(crate) fn lets_go(before: &[TokenTree]) -> bool {
    let [earlier @ .., TokenTree::Ident(function)] = before else {
        return false;
    };
    let method = earlier.last().is_some_and(|sign| is_sign(sign, '.'));
    (function == "drop" || function == "forget") && !method
}

fn holds_only(name: &Ident, group: &Group) -> bool {
    let mut tokens = group.stream().into_iter();
    let first = matches!(tokens.next(), Some(TokenTree::Ident(ident)) if ident == *name);
    first && tokens.next().is_none()
}

/// `let name`, `let mut name`; `_ = name;`
fn is_made_or_let_go(before: &[TokenTree], after: &[TokenTree]) -> bool {
    match before {
        [.., TokenTree::Ident(word)] if word == "let" => true,
        [.., TokenTree::Ident(word), TokenTree::Ident(mutable)] => {
            word == "let" && mutable == "mut"
        }
        [.., TokenTree::Ident(nothing), equals] if nothing == "_" && is_sign(equals, '=') => {
            after.first().is_none_or(|sign| is_sign(sign, ';'))
        }
        _ => false,
    }
}

fn method_after(after: &[TokenTree]) -> Option<&Ident> {
    match after {
        [dot, TokenTree::Ident(method), ..] if is_sign(dot, '.') => Some(method),
        _ => None,
    }
}

fn in_braces(name: &str, text: &str) -> bool {
    let opened = text.split('{').skip(1);
    let inside = opened.map(|rest| rest.split('}').next().unwrap_or(rest));
    let mut words = inside
        .flat_map(|rest| rest.split(|letter: char| !letter.is_alphanumeric() && letter != '_'));
    words.any(|word| word == name)
}
