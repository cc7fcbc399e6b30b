//! What a function answers: taken apart into future, `Result`, carrier and value.

use syn::{ReturnType, Type};

use super::types;
use crate::symbol::{BATCH, DONE, TRACKED};

/// The return type, taken apart.
pub(crate) struct Answer {
    /// What is written after `->`.
    pub(crate) written: Option<Type>,
    /// What a finished call yields: `X` of `impl Future<Output = X>`, else the same as `written`.
    pub(crate) finished: Option<Type>,
    /// Without `Result`, too.
    pub(crate) success: Option<Type>,
    /// Without the carrier, too: the value that goes on; of a `Batch`, a row.
    pub(crate) value: Option<Type>,
    /// Whether it is a `Result`.
    pub(crate) fallible: bool,
    pub(crate) opaque: Opaque,
    /// The word `Tracked`, `Batch` or `Done`, wherever it stands in the type.
    pub(crate) carrier: Option<&'static str>,
}

/// `impl Trait` in the return type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opaque {
    No,
    /// `impl Future<Output = X>`
    Future,
    /// `impl Iterator<Item = X>`, `impl IntoIterator<Item = X>`
    Values,
    /// Any other, or one inside another type.
    Other,
}

/// With `returns_state`, the value that goes on is the second of a pair.
pub(crate) fn lower_answer(output: &ReturnType, returns_state: bool) -> Answer {
    let written = match output {
        ReturnType::Default => None,
        ReturnType::Type(_, ty) => Some(types::peel(ty).clone()),
    };
    let future = written
        .as_ref()
        .and_then(|ty| types::bound_item(ty, &["Future"], "Output"));
    let finished = future.or(written.as_ref()).map(types::peel).cloned();
    let result = finished
        .as_ref()
        .and_then(types::last_segment)
        .filter(|segment| segment.ident == "Result");
    let success = match result {
        Some(segment) => types::first_argument(segment).cloned(),
        None => finished.clone(),
    };
    let tracked = success
        .as_ref()
        .and_then(types::last_segment)
        .filter(|segment| segment.ident == TRACKED || segment.ident == BATCH);
    let second = match success.as_ref() {
        Some(Type::Tuple(pair)) if returns_state => pair.elems.iter().nth(1),
        _ => None,
    };
    let value = tracked
        .and_then(types::first_argument)
        .or(second)
        .or(success.as_ref())
        .cloned();
    Answer {
        opaque: opaque_of(written.as_ref(), finished.as_ref(), future.is_some()),
        carrier: [DONE, TRACKED, BATCH].into_iter().find(|name| {
            finished
                .as_ref()
                .is_some_and(|ty| types::mentions(ty, name))
        }),
        fallible: result.is_some(),
        written,
        finished,
        success,
        value,
    }
}

fn opaque_of(written: Option<&Type>, finished: Option<&Type>, future: bool) -> Opaque {
    let values =
        written.and_then(|ty| types::bound_item(ty, &["Iterator", "IntoIterator"], "Item"));
    match (finished, values) {
        (_, Some(item)) if !types::has_impl(item) => Opaque::Values,
        (Some(ty), _) if types::has_impl(ty) => Opaque::Other,
        _ if future => Opaque::Future,
        _ => Opaque::No,
    }
}
