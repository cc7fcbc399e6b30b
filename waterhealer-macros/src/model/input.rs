//! The parameters: the value with its mode, and the resources.

use syn::punctuated::Punctuated;
use syn::{FnArg, Ident, Pat, PatType, Signature, Type};

use super::types;
use crate::symbol::{BATCH, CARRIERS, TRACKED};

/// How a function takes its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// `T`
    Value,
    /// `&T`
    Ref,
    /// `Tracked<T>`
    Tracked,
    /// `&Tracked<T>`
    TrackedRef,
    /// `Batch<T>`
    Batch,
}

/// The parameter that is the value: the first, of an `#[accumulate]` the second.
pub(crate) struct Input {
    pub(crate) mode: Mode,
    /// The value alone, without `&` and `Tracked<…>`; of `Batch<T>` a row. `()` where nothing is written.
    pub(crate) ty: Type,
    /// The whole type as written.
    pub(crate) written: Option<Type>,
}

/// One of the other parameters.
pub(crate) struct ResourceUse {
    pub(crate) parameter: PatType,
    /// The name, where it is a plain one.
    pub(crate) name: Option<Ident>,
    /// `T` of `&T`, where it is one that a field can hold.
    pub(crate) ty: Option<Type>,
}

impl Mode {
    pub(crate) fn is_tracked(self) -> bool {
        matches!(self, Mode::Tracked | Mode::TrackedRef)
    }

    /// Whether the function is lent a carrier.
    pub(crate) fn is_lent(self) -> bool {
        self.is_tracked() || self == Mode::Batch
    }
}

/// The state of an `#[accumulate]`: its first parameter.
pub(crate) fn lower_state(signature: &Signature) -> Option<&Type> {
    match signature.inputs.first() {
        Some(FnArg::Typed(first)) => Some(types::peel(&first.ty)),
        _ => None,
    }
}

pub(crate) fn lower_input(signature: &Signature, before: usize) -> Input {
    let Some(FnArg::Typed(first)) = signature.inputs.iter().nth(before) else {
        let nothing = syn::TypeTuple {
            attrs: Vec::new(),
            paren_token: Default::default(),
            elems: Punctuated::new(),
        };
        return Input {
            mode: Mode::Value,
            ty: Type::Tuple(nothing),
            written: None,
        };
    };
    let (mode, ty) = mode_of(types::peel(&first.ty));
    Input {
        mode,
        ty: ty.clone(),
        written: Some((*first.ty).clone()),
    }
}

fn mode_of(ty: &Type) -> (Mode, &Type) {
    match ty {
        // `&'static str` is a value like another: nobody has to lend it.
        Type::Reference(reference)
            if reference.mutability.is_none() && !types::is_static(reference) =>
        {
            let inner = types::peel(&reference.elem);
            match carried(inner, TRACKED) {
                Some(value) => (Mode::TrackedRef, value),
                None => (Mode::Ref, inner),
            }
        }
        other => match (carried(other, TRACKED), carried(other, BATCH)) {
            (Some(value), _) => (Mode::Tracked, value),
            (None, Some(row)) => (Mode::Batch, row),
            (None, None) => (Mode::Value, other),
        },
    }
}

/// `T` of `Tracked<T>`.
fn carried<'t>(ty: &'t Type, carrier: &str) -> Option<&'t Type> {
    types::last_segment(ty)
        .filter(|segment| segment.ident == carrier)
        .and_then(types::first_argument)
}

pub(crate) fn lower_resources(signature: &Signature, before: usize) -> Vec<ResourceUse> {
    let receiver = matches!(signature.inputs.first(), Some(FnArg::Receiver(_)));
    // After `self`, which is refused, the next one is the value.
    lower_lent(signature, before + 1 + usize::from(receiver))
}

/// The parameters after the first so many.
pub(crate) fn lower_lent(signature: &Signature, first: usize) -> Vec<ResourceUse> {
    let others = signature
        .inputs
        .iter()
        .skip(first)
        .filter_map(|argument| match argument {
            FnArg::Typed(parameter) => Some(parameter),
            FnArg::Receiver(_) => None,
        });
    others.map(lower_resource).collect()
}

fn lower_resource(parameter: &PatType) -> ResourceUse {
    let name = match &*parameter.pat {
        Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => Some(pat.ident.clone()),
        _ => None,
    };
    let ty = match types::peel(&parameter.ty) {
        Type::Reference(reference) if reference.mutability.is_none() => {
            Some(types::peel(&reference.elem))
        }
        _ => None,
    };
    let ty = ty
        .filter(|ty| {
            !types::borrows(ty) && !types::has_impl(ty) && types::sized_instead(ty, "").is_none()
        })
        .filter(|ty| !CARRIERS.iter().any(|carrier| types::mentions(ty, carrier)))
        .cloned();
    ResourceUse {
        parameter: parameter.clone(),
        name,
        ty,
    }
}
