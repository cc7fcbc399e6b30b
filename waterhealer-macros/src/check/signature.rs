//! The function as a whole: what stands around its parameters and its answer.

use std::fmt::Display;

use quote::ToTokens;
use syn::Safety;

use crate::diag::Diagnostics;
use crate::message::{function as message, operator};
use crate::model::{input::Mode, kind::Kind, node::Node, types};

pub(crate) fn check_signature(node: &Node<'_>, diag: &Diagnostics) {
    check_generics(node, diag);
    check_qualifiers(node, diag);
    check_cfg(node, diag);
    check_source_waits_for_nothing(node, diag);
    check_elements(node, diag);
    check_brands(node, diag);
}

/// The pipeline calls the function with one type each, and has to name it.
fn check_generics(node: &Node<'_>, diag: &Diagnostics) {
    let generics = &node.written.signature.generics;
    let caret = match (&generics.where_clause, generics.params.is_empty()) {
        (_, false) => generics.params.to_token_stream(),
        (Some(clause), true) => clause.to_token_stream(),
        (None, true) => return,
    };
    diag.report(&message::GENERIC, caret, &[("node", node.name)]);
}

/// Generated code calls the function from safe Rust with fixed arguments.
fn check_qualifiers(node: &Node<'_>, diag: &Diagnostics) {
    let signature = &node.written.signature;
    let safety = match &signature.safety {
        Safety::Unsafe(token) => Some((token.to_token_stream(), "unsafe")),
        Safety::Safe(token) => Some((token.to_token_stream(), "safe")),
        Safety::Default => None,
    };
    let abi = signature
        .abi
        .as_ref()
        .map(|abi| (abi.to_token_stream(), "extern"));
    for (caret, qualifier) in [safety, abi].into_iter().flatten() {
        diag.report(
            &message::QUALIFIED,
            caret,
            &[("node", node.name), ("qualifier", &qualifier)],
        );
    }
}

/// The graph that is checked must be the graph that is compiled.
fn check_cfg(node: &Node<'_>, diag: &Diagnostics) {
    let on_function = node
        .written
        .attributes
        .iter()
        .filter_map(|attribute| attribute.meta.as_ref());
    let on_parameters = node
        .written
        .signature
        .inputs
        .iter()
        .flat_map(|argument| match argument {
            syn::FnArg::Receiver(receiver) => &receiver.attrs,
            syn::FnArg::Typed(parameter) => &parameter.attrs,
        });
    for meta in on_function.chain(on_parameters.map(|attribute| &attribute.meta)) {
        if let Some(name) = meta
            .path()
            .get_ident()
            .filter(|name| *name == "cfg" || *name == "cfg_attr")
        {
            diag.report(&message::CFG, meta.path(), &[("attribute", name)]);
        }
    }
}

/// A record borrows the client's buffer, which does not wait.
fn check_source_waits_for_nothing(node: &Node<'_>, diag: &Diagnostics) {
    if node.kind == Kind::Source && node.asynchronous {
        let caret = match &node.written.signature.asyncness {
            Some(token) => token.to_token_stream(),
            None => node.answer.written.to_token_stream(),
        };
        diag.report(&message::ASYNC_SOURCE, caret, &[("node", node.name)]);
    }
}

/// Elements go one after another or together, as the attribute says, and none of them is the record.
fn check_elements(node: &Node<'_>, diag: &Diagnostics) {
    let together = match node.kind {
        Kind::ForeachMap => false,
        Kind::ForeachAsync => true,
        _ => return,
    };
    let words: [(&str, &dyn Display); 3] = match (together, node.asynchronous) {
        (false, true) => [
            ("headline", &"a `#[foreach_map]` is not async"),
            (
                "why",
                &"it is called with one element after another, so that none could wait beside another",
            ),
            (
                "instead",
                &"make it a `#[foreach_async]`, which lets the elements of a batch wait together",
            ),
        ],
        (true, false) => [
            ("headline", &"a `#[foreach_async]` is an `async fn`"),
            (
                "why",
                &"the elements of a batch wait together, and this one waits for nothing",
            ),
            (
                "instead",
                &"write `async fn`, or make it a `#[foreach_map]`",
            ),
        ],
        _ if matches!(node.input.mode, Mode::Tracked | Mode::TrackedRef) => [
            (
                "headline",
                &"the element of a batch comes without a carrier",
            ),
            (
                "why",
                &"its offset travels with the row it is, and an element of a `Vec` has none of its own",
            ),
            (
                "instead",
                &"take `T` or `&T`; to see to the offsets row by row, take a `Batch<T>` in a `#[map]`",
            ),
        ],
        _ => return,
    };
    diag.report(&operator::ELEMENTS, node.name, &words);
}

/// A carrier's lifetime is bound to the call; one of the user's would let it out.
fn check_brands(node: &Node<'_>, diag: &Diagnostics) {
    let signature = &node.written.signature;
    let inputs = signature
        .inputs
        .iter()
        .filter_map(|argument| match argument {
            syn::FnArg::Typed(parameter) => Some(&*parameter.ty),
            syn::FnArg::Receiver(_) => None,
        });
    // One is enough: they mostly come in pairs, in and out.
    if signature.generics.params.is_empty()
        && let Some((ty, lifetime)) = inputs
            .chain(&node.answer.written)
            .find_map(|ty| Some((ty, types::written_brand(ty)?)))
    {
        let example = super::parameter::carrier_example(ty);
        diag.report(&message::CARRIER_SHAPE, lifetime, &[("example", &example)]);
    }
}
