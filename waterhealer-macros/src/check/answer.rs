//! The answer: a value that owns its data, or the carrier given back. What no syntax shows (an alias, a future that is
//! not awaited) is refused by the runtime's sealed traits.

use std::fmt::Display;

use proc_macro2::TokenStream;
use quote::ToTokens;

use super::parameter::check_no_rows;
use crate::diag::Diagnostics;
use crate::message::{function as message, graph};
use crate::model::answer::Opaque;
use crate::model::input::Mode;
use crate::model::kind::Kind;
use crate::model::node::Node;
use crate::model::text::text;
use crate::model::types;
use crate::symbol::{BATCH, CARRIERS, DONE, TRACKED};

/// The rules go from the whole to the detail, and the first that is broken is told.
pub(crate) fn check_answer(node: &Node<'_>, diag: &Diagnostics) {
    let rows = node.answer.written.as_ref();
    let _told = rows.is_some_and(|answer| check_no_rows(answer, diag))
        || check_opaque(node, diag)
        || check_carrier_back(node, diag)
        || check_choice(node, diag)
        || check_given(node, diag)
        || check_owned(node, diag);
}

/// The pipeline has to name what flows through it, but for a future that is awaited and values that are taken one by one.
fn check_opaque(node: &Node<'_>, diag: &Diagnostics) -> bool {
    let signature = &node.written.signature;
    let fits = match node.answer.opaque {
        Opaque::No => true,
        Opaque::Future => signature.asyncness.is_none(),
        Opaque::Values => {
            node.kind == Kind::FlatMap && !node.waits() && !node.input.mode.is_tracked()
        }
        Opaque::Other => false,
    };
    if !fits {
        diag.report(&message::IMPL_ANSWER, caret(node), &[("node", node.name)]);
    }
    !fits
}

/// Who takes a carrier gives it back, as itself or as a receipt; who takes none has none to give.
fn check_carrier_back(node: &Node<'_>, diag: &Diagnostics) -> bool {
    match (node.input.mode, node.answer.carrier) {
        // A filter that takes the carrier is refused for its parameter.
        _ if node.kind == Kind::Filter => false,
        // And so is whoever else takes a batch where it does not belong.
        (Mode::Batch, _) if !matches!(node.kind, Kind::Map | Kind::Sink) => true,
        // A carrier inside another type is refused for the parameter, too.
        (Mode::Value | Mode::Ref, Some(_))
            if CARRIERS
                .iter()
                .any(|name| types::mentions(&node.input.ty, name)) =>
        {
            true
        }
        (Mode::Tracked | Mode::Batch, None) => {
            let what = match node.kind {
                Kind::Sink => "a `#[sink]` answers its receipt, `value.done()`",
                _ => "the value goes on in the carrier it came in",
            };
            let example = match (node.kind, node.input.mode) {
                (Kind::Sink, _) => "Done",
                (_, Mode::Batch) => "Batch<…>",
                (Kind::KafkaSink, _) => "Tracked<KafkaMessage>",
                _ => "Tracked<…>",
            };
            let plain = match node.input.mode {
                Mode::Batch => "`Vec<T>` for the values alone",
                _ => "`&Tracked<T>` to look at position, key and headers only",
            };
            let words: [(&str, &dyn Display); 4] = [
                ("node", node.name),
                ("what", &what),
                ("example", &example),
                ("plain", &plain),
            ];
            diag.report(&graph::NOT_GIVEN_BACK, caret(node), &words);
            true
        }
        (Mode::Tracked | Mode::Batch, Some(_)) => check_receipt(node, diag),
        (mode, Some(carrier)) => {
            let instead = match (mode, node.kind) {
                (Mode::TrackedRef, _) => {
                    "`&Tracked<T>` is only looked at: answer without a carrier, or take `Tracked<T>`"
                }
                (_, Kind::Sink) => {
                    "a sink of plain values answers nothing, or a `Result`; to answer `Done`, take `Tracked<T>` and call `.done()`"
                }
                _ => "answer the plain value; it goes on in the record's own carrier",
            };
            let words: [(&str, &dyn Display); 3] = [
                ("node", node.name),
                ("carrier", &carrier),
                ("instead", &instead),
            ];
            diag.report(&message::NEVER_TAKEN, caret(node), &words);
            true
        }
        (_, None) => false,
    }
}

/// A value that goes on is not finished, and one that is finished does not go on.
fn check_receipt(node: &Node<'_>, diag: &Diagnostics) -> bool {
    let answered = node.answer.success.as_ref().and_then(types::last_segment);
    let answered = answered.map(|segment| segment.ident.to_string());
    let sink = node.kind == Kind::Sink;
    let (headline, why, instead) = match answered.as_deref() {
        Some(DONE) if !sink => (
            "only a sink answers `Done`",
            "`Done` finishes the record, so nothing would go on to the nodes that take from this one",
            "answer the carrier, or make it a `#[sink]`",
        ),
        Some(TRACKED) if sink => (
            "a sink answers `Done`, not `Tracked`",
            "nothing comes after a sink: the record is finished there, or it is not",
            "write `-> Done` and answer `value.done()`",
        ),
        Some(BATCH) if sink => (
            "a sink answers `Done`, not `Batch`",
            "nothing comes after a sink: the record is finished there, or it is not",
            "write `-> Done` and answer `value.done()`",
        ),
        _ => return false,
    };
    let words: [(&str, &dyn Display); 3] = [
        ("headline", &headline),
        ("why", &why),
        ("instead", &instead),
    ];
    diag.report(&message::WRONG_RECEIPT, caret(node), &words);
    true
}

/// A filter answers yes or no.
fn check_choice(node: &Node<'_>, diag: &Diagnostics) -> bool {
    let choice = node.answer.success.as_ref().and_then(types::last_segment);
    let refused = node.kind == Kind::Filter && choice.is_none_or(|segment| segment.ident != "bool");
    if refused {
        diag.report(&message::NOT_A_CHOICE, caret(node), &[]);
    }
    refused
}

/// A value has to come out of a node that others take from.
fn check_given(node: &Node<'_>, diag: &Diagnostics) -> bool {
    if !node.kind.gives_value() || node.answer.written.is_some() {
        return false;
    }
    let (wanted, example) = match node.kind {
        Kind::FlatMap => ("any number of values, which go on one by one", "Vec<Row>"),
        Kind::KafkaSink => ("the message that is produced to its topic", "KafkaMessage"),
        _ => ("a value, which goes on", "Order"),
    };
    let word = match node.kind {
        Kind::KafkaSink => "sink(topic = …)",
        _ => node.written.word.text(),
    };
    let words: [(&str, &dyn Display); 4] = [
        ("node", node.name),
        ("word", &word),
        ("wanted", &wanted),
        ("example", &example),
    ];
    diag.report(&message::NO_ANSWER, node.name, &words);
    true
}

/// Values wait in queues and move between threads.
fn check_owned(node: &Node<'_>, diag: &Diagnostics) -> bool {
    let item = node.answer.written.as_ref();
    let item = item.and_then(|ty| types::bound_item(ty, &["Iterator", "IntoIterator"], "Item"));
    let borrowing = item
        .or(node.answer.value.as_ref())
        .filter(|ty| types::borrows(ty));
    let Some(ty) = borrowing.filter(|_| node.kind.gives_value()) else {
        return false;
    };
    diag.report(
        &message::BORROWED,
        ty,
        &[("ty", &text(ty.to_token_stream()))],
    );
    true
}

/// The return type, or the name where there is none.
fn caret(node: &Node<'_>) -> TokenStream {
    match &node.answer.written {
        Some(written) => written.to_token_stream(),
        None => node.name.to_token_stream(),
    }
}
