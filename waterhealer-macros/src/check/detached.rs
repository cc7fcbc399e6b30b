//! Detached work: a `spawn` whose handle is thrown away in the function's body. Found by its tokens, so only where it is
//! written plainly; the guide says what no compiler sees. Sets of tasks are in `task_set`.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

use super::task_set;
use crate::diag::Diagnostics;
use crate::message::function as message;
use crate::model::body::{
    Binding, Chain, binding, chain, is_block, is_item, is_sign, parts, statements,
};
use crate::model::node::Node;
use crate::model::types;
use crate::model::usage::{lets_go, uses};

/// The record counts as finished when the function answers; work that nobody waits for may still fail then. Somebody may
/// want just that and say why, and an excuse is told when there is nothing left that it excuses.
pub(crate) fn check_detached(node: &Node<'_>, diag: &Diagnostics) {
    let found = detached_in(node);
    let excuse = &node.written.options.detached;
    match (excuse.given(), excuse.value()) {
        (Some(option), Some(_)) if found.is_empty() => {
            diag.report(&message::NOTHING_DETACHED, option, &[("node", node.name)]);
        }
        (Some(_), _) => {}
        (None, _) => {
            for work in found {
                diag.report(&message::DETACHED, &work.caret, &[("how", &work.how)]);
            }
        }
    }
}

/// Work that nobody waits for.
pub(super) struct Detached {
    /// The word that starts it, or lets it go.
    pub(super) caret: Ident,
    /// Why nobody waits.
    pub(super) how: String,
}

fn detached_in(node: &Node<'_>) -> Vec<Detached> {
    let body = node.written.body.stream();
    let mut walk = Walk {
        body: body.clone(),
        runtimes: runtimes(node),
        found: Vec::new(),
    };
    walk.block(body.clone(), false);
    let mut found = walk.found;
    found.extend(task_set::left_alone(body));
    found
}

/// What starts work and answers its handle.
const SPAWNS: &[&str] = &["spawn", "spawn_blocking", "spawn_local"];

/// Types whose methods start work, too. Scopes wait for theirs, and a `JoinSet` keeps the handles.
const RUNTIMES: &[&str] = &["Handle", "Runtime", "Builder"];

/// Resources that work can be started on.
fn runtimes(node: &Node<'_>) -> Vec<Ident> {
    let resources = node.resources.iter().filter(|used| {
        let segment = used.ty.as_ref().and_then(types::last_segment);
        segment.is_some_and(|segment| is_one_of(&segment.ident, RUNTIMES))
    });
    resources.filter_map(|used| used.name.clone()).collect()
}

/// One way through a body, with what it finds.
struct Walk {
    /// The whole body, for the question whether a name is used.
    body: TokenStream,
    runtimes: Vec<Ident>,
    found: Vec<Detached>,
}

impl Walk {
    /// A block, and whether the value of its last expression is thrown away.
    fn block(&mut self, block: TokenStream, thrown: bool) {
        let statements = statements(block);
        let last = statements.len().saturating_sub(1);
        for (index, statement) in statements.iter().enumerate() {
            if is_item(&statement.tokens) {
                continue;
            }
            match binding(&statement.tokens) {
                (Binding::Nothing, value) => self.expression(value, true),
                (Binding::Named(name), value) => {
                    self.expression(value, uses(name, self.body.clone()).is_empty());
                }
                (Binding::Other, value) => {
                    self.expression(value, statement.ended || thrown && index == last);
                }
            }
        }
    }

    /// An expression, and whether its value is thrown away.
    fn expression(&mut self, tokens: &[TokenTree], thrown: bool) {
        let tokens = without_attributes(tokens);
        if let Some(start) = self.started_and_gone(tokens, thrown) {
            self.report(&start, "its handle is thrown away");
        }
        let blocks_thrown = thrown && gives_value_of_block(tokens);
        for (index, token) in tokens.iter().enumerate() {
            let before = &tokens[..index];
            match token {
                TokenTree::Group(group) if is_block(token) => {
                    match blocks_thrown && is_match(tokens) && index + 1 == tokens.len() {
                        true => self.arms(group.stream()),
                        false => self.block(group.stream(), blocks_thrown),
                    }
                }
                TokenTree::Group(group) => {
                    let whole = thrown && tokens.len() == 1;
                    for part in parts(group.stream()) {
                        self.expression(&part, whole || lets_go(before));
                    }
                }
                TokenTree::Ident(method) if method == "detach_all" && after_dot(before) => {
                    self.report(method, "`detach_all` lets go of every task in the set");
                }
                _ => {}
            }
        }
    }

    /// The arms of a `match` whose value is thrown away.
    fn arms(&mut self, arms: TokenStream) {
        let mut rest: Vec<TokenTree> = arms.into_iter().collect();
        while let Some(arrow) = rest
            .windows(2)
            .position(|pair| is_sign(&pair[0], '=') && is_sign(&pair[1], '>'))
        {
            rest.drain(..arrow + 2);
            let end = match rest.first() {
                Some(first) if is_block(first) => 1,
                _ => rest
                    .iter()
                    .position(|token| is_sign(token, ','))
                    .unwrap_or(rest.len()),
            };
            let arm: Vec<TokenTree> = rest.drain(..end).collect();
            self.expression(&arm, true);
        }
    }

    /// The `spawn` of a chain that starts work and lets go of its handle.
    fn started_and_gone(&self, tokens: &[TokenTree], thrown: bool) -> Option<Ident> {
        let chain = chain(tokens)?;
        let (start, links) = self.started(&chain)?;
        let gone = match fate(links) {
            Fate::Awaited => false,
            Fate::Held => thrown,
            Fate::LetGo => true,
        };
        gone.then(|| start.clone())
    }

    /// The word of a chain that starts work, and what is done with its handle.
    fn started<'c>(&self, chain: &'c Chain<'_>) -> Option<(&'c Ident, &'c [&'c Ident])> {
        let [types @ .., function] = chain.path.as_slice() else {
            return None;
        };
        let of_runtime = types.last().is_some_and(|ty| is_one_of(ty, RUNTIMES));
        let of_module = types.last().is_none_or(|name| !is_type(name));
        if chain.called && is_one_of(function, SPAWNS) && (of_runtime || of_module) {
            return Some((function, &chain.links));
        }
        let runtime = of_runtime || types.is_empty() && self.runtimes.contains(function);
        let start = chain.links.iter().position(|link| is_one_of(link, SPAWNS));
        let start = start.filter(|_| runtime)?;
        Some((chain.links[start], &chain.links[start + 1..]))
    }

    fn report(&mut self, caret: &Ident, how: &str) {
        self.found.push(Detached {
            caret: caret.clone(),
            how: how.to_owned(),
        });
    }
}

/// What becomes of a handle.
enum Fate {
    /// It is the chain's value.
    Held,
    /// Looked at once, and gone.
    LetGo,
    /// Awaited or joined, or given to something that may do so.
    Awaited,
}

fn fate(links: &[&Ident]) -> Fate {
    const PASS_ON: &[&str] = &["unwrap", "expect", "ok", "map_err"];
    const LOOK: &[&str] = &["abort_handle", "id", "is_finished", "thread", "detach"];
    let next = links.iter().find(|link| !is_one_of(link, PASS_ON));
    match next {
        None => Fate::Held,
        Some(link) if is_one_of(link, LOOK) => Fate::LetGo,
        Some(_) => Fate::Awaited,
    }
}

/// Whether the value of an expression is that of the last expression in its blocks: `if … { … } else { … }`.
fn gives_value_of_block(tokens: &[TokenTree]) -> bool {
    const HEADS: &[&str] = &["if", "match", "unsafe"];
    match tokens {
        [
            TokenTree::Ident(head),
            ..,
            block,
            dot,
            TokenTree::Ident(last),
        ] if head == "async" => is_block(block) && is_sign(dot, '.') && last == "await",
        [TokenTree::Ident(head), .., block] => is_one_of(head, HEADS) && is_block(block),
        [block] => is_block(block),
        _ => false,
    }
}

fn is_match(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [TokenTree::Ident(head), ..] if head == "match")
}

fn without_attributes(tokens: &[TokenTree]) -> &[TokenTree] {
    match tokens {
        [sign, TokenTree::Group(group), rest @ ..]
            if is_sign(sign, '#') && group.delimiter() == Delimiter::Bracket =>
        {
            without_attributes(rest)
        }
        all => all,
    }
}

fn after_dot(before: &[TokenTree]) -> bool {
    before.last().is_some_and(|sign| is_sign(sign, '.'))
}

fn is_type(name: &Ident) -> bool {
    name.to_string().starts_with(char::is_uppercase)
}

fn is_one_of(name: &Ident, words: &[&str]) -> bool {
    words.iter().any(|word| name == word)
}
