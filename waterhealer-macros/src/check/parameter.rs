//! The first parameter: the value.

use std::fmt::Display;

use quote::ToTokens;
use syn::{FnArg, Type};

use crate::diag::Diagnostics;
use crate::message::{function as message, operator};
use crate::model::input::Mode;
use crate::model::kind::Kind;
use crate::model::node::Node;
use crate::model::text::text;
use crate::model::types;
use crate::symbol::{BATCH, CARRIERS};

/// The rules go from the whole to the detail, and the first that is broken is told.
pub(crate) fn check_parameter(node: &Node<'_>, diag: &Diagnostics) {
    let Some(written) = check_present(node, diag) else {
        return;
    };
    let refused = match node.kind {
        Kind::Source => check_record(node, written, diag),
        Kind::LineSource | Kind::FileSource if check_read(node, written, diag) => true,
        _ => {
            check_no_rows(written, diag)
                || check_batch_place(node, written, diag)
                || check_carrier_alone(node, written, diag)
                || check_not_mutable(node, written, diag)
                || check_only_looked_at(node, written, diag)
        }
    };
    if !refused && node.kind != Kind::Source {
        check_owned(node, diag);
    }
}

/// Without a value a function cannot be fed; with `self` there is nothing to call it on.
fn check_present<'n>(node: &'n Node<'_>, diag: &Diagnostics) -> Option<&'n Type> {
    if let Some(FnArg::Receiver(receiver)) = node.written.signature.inputs.first() {
        diag.report(
            &message::RECEIVER,
            receiver.self_token,
            &[("node", node.name)],
        );
        return None;
    }
    if node.input.written.is_none() {
        let example = example(node, &default_parameter(node.kind));
        let words: [(&str, &dyn Display); 3] = [
            ("node", node.name),
            ("word", &node.written.word.text()),
            ("example", &example),
        ];
        diag.report(&message::NO_VALUE, node.name, &words);
    }
    node.input.written.as_ref()
}

/// A source is lent a record.
fn check_record(node: &Node<'_>, written: &Type, diag: &Diagnostics) -> bool {
    let named =
        types::last_segment(&node.input.ty).is_some_and(|segment| segment.ident == "Record");
    if node.input.mode == Mode::Ref && named {
        return false;
    }
    let why = "a source reads a record, which is lent to it for the call";
    refuse(
        node,
        written,
        "the record, borrowed",
        why,
        &default_parameter(Kind::Source),
        diag,
    );
    true
}

/// The seats of rows belong to their batch: in another they would settle other records.
pub(super) fn check_no_rows(written: &Type, diag: &Diagnostics) -> bool {
    let refused = types::has_rows(written);
    if refused {
        diag.report(&operator::ROWS, written, &[]);
    }
    refused
}

/// Types that are surely neither a line nor the name of a file; of others rustc knows better what they are.
const OTHERS: &[&str] = &[
    "Record", "str", "String", "Path", "PathBuf", "OsString", "Vec", "Option", "bool", "char",
    "u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize", "f32", "f64",
];

/// A source of files is given what the runtime reads, a line or a name, and no type of its own choice.
fn check_read(node: &Node<'_>, written: &Type, diag: &Diagnostics) -> bool {
    let (right, wanted, why) = match node.kind {
        Kind::LineSource => (
            "String",
            "the line, a `String`",
            "each line of the file is text",
        ),
        _ => (
            "PathBuf",
            "the name, a `PathBuf`",
            "a file's name need not be UTF-8",
        ),
    };
    // A batch, or a carrier in something else, has messages of its own.
    let carries = CARRIERS
        .iter()
        .any(|name| types::mentions(&node.input.ty, name));
    let wrong = match &node.input.ty {
        Type::Path(_) => types::last_segment(&node.input.ty).is_some_and(|segment| {
            segment.ident != right && OTHERS.iter().any(|other| segment.ident == other)
        }),
        Type::Tuple(_) | Type::Slice(_) | Type::Array(_) => true,
        _ => false,
    };
    if !wrong || carries || node.input.mode == Mode::Batch {
        return false;
    }
    refuse(
        node,
        written,
        wanted,
        why,
        &default_parameter(node.kind),
        diag,
    );
    true
}

/// A batch is changed as a whole, or ends as a whole; what is done to its rows one by one takes them one by one.
fn check_batch_place(node: &Node<'_>, written: &Type, diag: &Diagnostics) -> bool {
    let refused = node.input.mode == Mode::Batch && !matches!(node.kind, Kind::Map | Kind::Sink);
    if refused {
        let instead = match node.kind {
            Kind::Filter => "let rows go by `retain`, in a `#[map]` over the batch",
            Kind::ForeachMap | Kind::ForeachAsync => "take one row of it, `row: T`",
            Kind::EmitSource => "take a `Vec<T>`: what is given by hand is one value",
            Kind::LineSource => "take the line, a `String`",
            Kind::FileSource => "take the name, a `PathBuf`",
            _ => "take the rows one by one, `from = ….flatten()`",
        };
        let word = match node.kind {
            Kind::KafkaSink => "sink(topic = …)",
            _ => node.written.word.text(),
        };
        let words: [(&str, &dyn Display); 2] = [("word", &word), ("instead", &instead)];
        diag.report(&operator::BATCH_ELSEWHERE, written, &words);
    }
    refused
}

/// A carrier stands for one record, so it comes whole and alone.
fn check_carrier_alone(node: &Node<'_>, written: &Type, diag: &Diagnostics) -> bool {
    let hidden = CARRIERS
        .iter()
        .any(|name| types::mentions(&node.input.ty, name));
    if hidden {
        let example = carrier_example(&node.input.ty);
        diag.report(&message::CARRIER_SHAPE, written, &[("example", &example)]);
    }
    hidden
}

/// How the carrier in a type is written.
pub(super) fn carrier_example(ty: &Type) -> &'static str {
    match types::mentions(ty, BATCH) {
        true => "`Batch<T>`",
        false => "`Tracked<T>` or `&Tracked<T>`",
    }
}

/// The value is lent or given; changed in place it would not be seen by anyone.
fn check_not_mutable(node: &Node<'_>, written: &Type, diag: &Diagnostics) -> bool {
    let Type::Reference(reference) = types::peel(&node.input.ty) else {
        return false;
    };
    if reference.mutability.is_none() || node.input.mode != Mode::Value {
        return false;
    }
    let ty = text(reference.elem.to_token_stream());
    let why = "the pipeline gives the value away, or lends it to be looked at";
    refuse(
        node,
        written,
        "the value itself, or a plain `&`",
        why,
        &format!("mut value: {ty}"),
        diag,
    );
    true
}

/// A filter decides about a value that goes on as it came.
fn check_only_looked_at(node: &Node<'_>, written: &Type, diag: &Diagnostics) -> bool {
    if node.kind != Kind::Filter || matches!(node.input.mode, Mode::Ref | Mode::TrackedRef) {
        return false;
    }
    let why = "a filter only looks: what it lets through goes on as it came";
    let ty = text(written.to_token_stream());
    refuse(
        node,
        written,
        "a reference",
        why,
        &format!("value: &{ty}"),
        diag,
    );
    true
}

/// Values wait in queues and move between threads.
fn check_owned(node: &Node<'_>, diag: &Diagnostics) {
    let ty = &node.input.ty;
    let written = text(ty.to_token_stream());
    if types::has_impl(ty) {
        diag.report(&message::IMPL_PARAMETER, ty, &[("node", node.name)]);
    } else if let Some(instead) =
        types::sized_instead(ty, "").filter(|_| node.input.mode != Mode::Value)
    {
        let instead = match node.input.mode {
            Mode::Ref => format!("&{instead}"),
            _ => instead,
        };
        diag.report(
            &message::UNSIZED_VALUE,
            ty,
            &[("ty", &written), ("instead", &instead)],
        );
    } else if types::borrows(ty) {
        diag.report(&message::BORROWED, ty, &[("ty", &written)]);
    }
}

fn refuse(
    node: &Node<'_>,
    written: &Type,
    wanted: &str,
    why: &str,
    parameter: &str,
    diag: &Diagnostics,
) {
    let example = example(node, parameter);
    let words: [(&str, &dyn Display); 4] = [
        ("word", &node.written.word.text()),
        ("wanted", &wanted),
        ("why", &why),
        ("example", &example),
    ];
    diag.report(&message::WRONG_VALUE, written, &words);
}

fn default_parameter(kind: Kind) -> String {
    match kind {
        Kind::Source => "record: &Record<'_>",
        Kind::LineSource => "line: String",
        Kind::FileSource => "path: PathBuf",
        Kind::Filter => "value: &T",
        _ => "value: T",
    }
    .to_owned()
}

fn example(node: &Node<'_>, parameter: &str) -> String {
    let signature = &node.written.signature;
    let asynchronous = if signature.asyncness.is_some() {
        "async "
    } else {
        ""
    };
    let resources = if signature.inputs.len() > 1 {
        ", …"
    } else {
        ""
    };
    format!("{asynchronous}fn {}({parameter}{resources})", node.name)
}
