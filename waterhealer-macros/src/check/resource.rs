//! Resources: the parameters after the value.

use std::fmt::Display;

use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Ident, Type};

use crate::diag::Diagnostics;
use crate::message::{function, resource as message};
use crate::model::Pipeline;
use crate::model::input::ResourceUse;
use crate::model::node::Node;
use crate::model::text::text;
use crate::model::types;
use crate::model::usage::{is_unwritten, names};
use crate::symbol::CARRIERS;

pub(crate) fn check_resources(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    for node in &pipeline.nodes {
        for used in &node.resources {
            let _told = check_lent(node.name, used, diag)
                || check_shadow(pipeline, used, diag)
                || check_used(node, used, diag);
        }
        if let Some(flush) = &node.flush {
            for used in &flush.resources {
                let _told =
                    check_lent(&flush.name, used, diag) || check_shadow(pipeline, used, diag);
            }
        }
    }
    check_one_type_each(pipeline, diag);
}

/// A resource is lent to many calls at once, by name. The rules go from the whole to the detail.
fn check_lent(node: &Ident, used: &ResourceUse, diag: &Diagnostics) -> bool {
    let written = types::peel(&used.parameter.ty);
    let Some(name) = &used.name else {
        diag.report(&message::NO_NAME, &used.parameter.pat, &[]);
        return true;
    };
    if CARRIERS
        .iter()
        .any(|carrier| types::mentions(written, carrier))
    {
        diag.report(&message::CARRIER_RESOURCE, written, &[]);
        return true;
    }
    if types::has_impl(written) {
        diag.report(&function::IMPL_PARAMETER, written, &[("node", &node)]);
        return true;
    }
    let Type::Reference(reference) = written else {
        let ty = text(written.to_token_stream());
        diag.report(&message::NOT_LENT, written, &[("name", name), ("ty", &ty)]);
        return true;
    };
    let ty = text(reference.elem.to_token_stream());
    if reference.mutability.is_some() {
        diag.report(
            &message::LENT_MUTABLY,
            written,
            &[("name", name), ("ty", &ty)],
        );
        return true;
    }
    if let Some(instead) = types::sized_instead(&reference.elem, " + Send + Sync") {
        let words: [(&str, &dyn Display); 3] = [("name", name), ("ty", &ty), ("instead", &instead)];
        diag.report(&message::UNSIZED_RESOURCE, written, &words);
        return true;
    }
    let outer = reference
        .lifetime
        .as_ref()
        .is_some_and(|lifetime| lifetime.ident != "_");
    let borrows = outer || types::borrows(&reference.elem);
    if borrows {
        let ty = text(written.to_token_stream());
        diag.report(
            &message::BORROWED_RESOURCE,
            written,
            &[("name", name), ("ty", &ty)],
        );
    }
    borrows
}

/// One word for two things: in `from` it is the node, in the function's body the resource.
fn check_shadow(pipeline: &Pipeline<'_>, used: &ResourceUse, diag: &Diagnostics) -> bool {
    let mut nodes = pipeline.nodes.iter();
    let Some(name) = used
        .name
        .as_ref()
        .filter(|name| nodes.any(|node| node.name == *name))
    else {
        return false;
    };
    let words: [(&str, &dyn Display); 2] = [("name", name), ("bare", &name.unraw())];
    diag.report(&message::SHADOWS_NODE, name, &words);
    true
}

/// Every program that starts the pipeline has to make what stands in `Resources`, so nothing may stand there for nobody. A
/// name that begins with `_` is meant, and of a body with a `todo!()` in it nobody knows yet.
fn check_used(node: &Node<'_>, used: &ResourceUse, diag: &Diagnostics) -> bool {
    let Some(name) = &used.name else {
        return false;
    };
    let body = &node.written.body;
    let meant = name.to_string().starts_with('_');
    if meant || names(name, body.stream()) || is_unwritten(body.stream()) {
        return false;
    }
    let words: [(&str, &dyn Display); 3] =
        [("name", name), ("node", node.name), ("bare", &name.unraw())];
    diag.report(&message::UNUSED_RESOURCE, name, &words);
    true
}

/// `Resources` has one field for a name. The second type is told, since the first was there before.
fn check_one_type_each(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    let mut known: Vec<(&Ident, &Ident, String)> = Vec::new();
    for node in &pipeline.nodes {
        for (user, used) in node.shared() {
            let (Some(name), Some(ty)) = (&used.name, &used.ty) else {
                continue;
            };
            let written = text(ty.to_token_stream());
            match known.iter().find(|(earlier, ..)| *earlier == name) {
                Some((_, first, other)) if *other != written => {
                    let words: [(&str, &dyn Display); 4] = [
                        ("name", name),
                        ("ty", &written),
                        ("other", other),
                        ("node", first),
                    ];
                    diag.report(&message::TWO_TYPES, &used.parameter.ty, &words);
                }
                Some(_) => {}
                None => known.push((name, user, written)),
            }
        }
    }
}
