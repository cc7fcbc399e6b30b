//! Sets of tasks: a `JoinSet` that is filled in the function's body and not awaited there. Which work is detached one by one
//! is in `detached`.

use proc_macro2::{Ident, TokenStream, TokenTree};

use super::detached::Detached;
use crate::model::body::{Binding, binding, is_item, statements};
use crate::model::usage::uses;

/// Methods that put tasks into a set.
const FILLS: &[&str] = &[
    "spawn",
    "spawn_on",
    "spawn_local",
    "spawn_local_on",
    "spawn_blocking",
    "spawn_blocking_on",
    "build_task",
];

/// Methods that wait for nothing. `detach_all` is not among them: it is told where it stands.
const LOOKS: &[&str] = &["len", "is_empty"];

/// Sets whose tasks nobody waits for: a set that is dropped aborts what is left in it. A set that is given to anything
/// else, be it a helper or the caller, may be awaited there.
pub(super) fn left_alone(body: TokenStream) -> Vec<Detached> {
    let mut sets = Vec::new();
    made_in(body.clone(), &mut sets);
    let left = sets.iter().filter_map(|set| {
        let uses = uses(set, body.clone());
        let is = |used: &Option<Ident>, words: &[&str]| {
            let method = used.as_ref();
            method.is_some_and(|method| words.iter().any(|word| method == word))
        };
        let mut others = uses.iter().filter(|used| !is(used, LOOKS));
        let fill = others.next()?.clone()?;
        let only_filled = is(&Some(fill.clone()), FILLS) && others.all(|used| is(used, FILLS));
        only_filled.then(|| Detached {
            caret: fill,
            how: format!("`{set}` is dropped without a `join_next` or `join_all`"),
        })
    });
    left.collect()
}

/// The names of sets, at any depth: `let mut set = JoinSet::new();`, each once.
fn made_in(block: TokenStream, sets: &mut Vec<Ident>) {
    let statements = statements(block).into_iter();
    for statement in statements.filter(|statement| !is_item(&statement.tokens)) {
        if let (Binding::Named(name), _) = binding(&statement.tokens)
            && statement.tokens.iter().any(is_set)
            && !sets.contains(name)
        {
            sets.push(name.clone());
        }
        for token in statement.tokens {
            if let TokenTree::Group(group) = token {
                made_in(group.stream(), sets);
            }
        }
    }
}

fn is_set(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(word) if word == "JoinSet")
}
