//! Resources: the parameters after the value.

use quote::ToTokens;
use syn::{Ident, Type};

use crate::diag::Diagnostics;
use crate::message::{function, resource as message};
use crate::model::Pipeline;
use crate::model::input::ResourceUse;
use crate::model::text::text;
use crate::model::types;
use crate::symbol::{DONE, TRACKED};

pub(crate) fn check_resources(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    for node in &pipeline.nodes {
        for used in &node.resources {
            check_resource(node.name, used, diag);
        }
    }
    check_one_type_each(pipeline, diag);
}

/// A resource is lent to many calls at once, by name. The rules go from the whole to the detail.
fn check_resource(node: &Ident, used: &ResourceUse, diag: &Diagnostics) {
    let written = types::peel(&used.parameter.ty);
    let Some(name) = &used.name else {
        return diag.report(&message::NO_NAME, &used.parameter.pat, &[]);
    };
    if [TRACKED, DONE]
        .iter()
        .any(|carrier| types::mentions(written, carrier))
    {
        return diag.report(&message::CARRIER_RESOURCE, written, &[]);
    }
    if types::has_impl(written) {
        return diag.report(&function::IMPL_PARAMETER, written, &[("node", &node)]);
    }
    let Type::Reference(reference) = written else {
        let ty = text(written.to_token_stream());
        return diag.report(&message::NOT_LENT, written, &[("name", name), ("ty", &ty)]);
    };
    let ty = text(reference.elem.to_token_stream());
    if reference.mutability.is_some() {
        return diag.report(
            &message::LENT_MUTABLY,
            written,
            &[("name", name), ("ty", &ty)],
        );
    }
    if let Some(instead) = types::sized_instead(&reference.elem, " + Send + Sync") {
        let words: [(&str, &dyn std::fmt::Display); 3] =
            [("name", name), ("ty", &ty), ("instead", &instead)];
        return diag.report(&message::UNSIZED_RESOURCE, written, &words);
    }
    let outer = reference
        .lifetime
        .as_ref()
        .is_some_and(|lifetime| lifetime.ident != "_");
    if outer || types::borrows(&reference.elem) {
        let ty = text(written.to_token_stream());
        diag.report(
            &message::BORROWED_RESOURCE,
            written,
            &[("name", name), ("ty", &ty)],
        );
    }
}

/// `Resources` has one field for a name. The second type is told, since the first was there before.
fn check_one_type_each(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    let mut known: Vec<(&Ident, &Ident, String)> = Vec::new();
    for node in &pipeline.nodes {
        for used in &node.resources {
            let (Some(name), Some(ty)) = (&used.name, &used.ty) else {
                continue;
            };
            let written = text(ty.to_token_stream());
            match known.iter().find(|(earlier, ..)| *earlier == name) {
                Some((_, first, other)) if *other != written => {
                    let words: [(&str, &dyn std::fmt::Display); 4] = [
                        ("name", name),
                        ("ty", &written),
                        ("other", other),
                        ("node", first),
                    ];
                    diag.report(&message::TWO_TYPES, &used.parameter.ty, &words);
                }
                Some(_) => {}
                None => known.push((name, node.name, written)),
            }
        }
    }
}
