//! Detached work: a `spawn` whose handle is thrown away in the function's body. Found by its tokens, so only where it is
//! written plainly; the guide says what no compiler sees.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

use crate::diag::Diagnostics;
use crate::message::function as message;
use crate::model::node::Node;

/// The record counts as finished when the function answers; work that nobody waits for may still fail then.
pub(crate) fn check_detached(node: &Node<'_>, diag: &Diagnostics) {
    let body = node.written.body.stream();
    for call in detached_in(body.clone(), &body) {
        diag.report(&message::DETACHED, call, &[]);
    }
}

/// `tokio::spawn(…);`, `let _ = spawn(…);` and `let _job = spawn(…);` where `_job` is never used, at any depth.
fn detached_in(block: TokenStream, body: &TokenStream) -> Vec<Ident> {
    let mut found = Vec::new();
    let mut statement: Vec<TokenTree> = Vec::new();
    for token in block {
        if let TokenTree::Group(group) = &token {
            found.extend(detached_in(group.stream(), body));
            if group.delimiter() == Delimiter::Brace {
                statement.clear();
                continue;
            }
        }
        if matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ';') {
            found.extend(thrown_away(&statement, body));
            statement.clear();
        } else {
            statement.push(token);
        }
    }
    found
}

/// The `spawn` of a statement that throws its handle away.
fn thrown_away(statement: &[TokenTree], body: &TokenStream) -> Option<Ident> {
    let (expression, binding) = match statement {
        [
            TokenTree::Ident(first),
            TokenTree::Ident(name),
            TokenTree::Punct(eq),
            rest @ ..,
        ] if first == "let" && eq.as_char() == '=' => (rest, Some(name)),
        [TokenTree::Ident(name), TokenTree::Punct(eq), rest @ ..]
            if name == "_" && eq.as_char() == '=' =>
        {
            (rest, None)
        }
        all => (all, None),
    };
    let used =
        |name: &Ident| !name.to_string().starts_with('_') || occurrences(name, body.clone()) > 1;
    if binding.is_some_and(|name| name != "_" && used(name)) {
        return None;
    }
    let [
        path @ ..,
        TokenTree::Ident(function),
        TokenTree::Group(arguments),
    ] = expression
    else {
        return None;
    };
    let spawns = ["spawn", "spawn_blocking", "spawn_local"]
        .iter()
        .any(|name| function == name);
    let plain_path = path.iter().all(|token| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => punct.as_char() == ':',
        _ => false,
    });
    (spawns && plain_path && arguments.delimiter() == Delimiter::Parenthesis)
        .then(|| function.clone())
}

fn occurrences(name: &Ident, tokens: TokenStream) -> usize {
    let counts = tokens.into_iter().map(|token| match token {
        TokenTree::Ident(ident) => usize::from(ident == *name),
        TokenTree::Group(group) => occurrences(name, group.stream()),
        _ => 0,
    });
    counts.sum()
}
