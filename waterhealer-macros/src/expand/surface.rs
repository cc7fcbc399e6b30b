//! What the user's module gains: `Resources`, `Emit`, `main`, `pipeline`, and hidden aliases, so that the user's own paths
//! resolve where they were written.

use proc_macro2::TokenStream;
use quote::quote;

use super::hygiene::{in_alias, out_alias};
use super::types::{answered, expand_step_aliases, node_takes};
use crate::model::Pipeline;
use crate::model::input::Mode;
use crate::model::kind::Kind;
use crate::model::node::Node;
use crate::model::types;
use crate::suggest;

/// A hidden alias for each type that generated code has to name.
pub(crate) fn expand_aliases(pipeline: &Pipeline<'_>) -> TokenStream {
    let aliases = pipeline.nodes.iter().enumerate().map(|(vertex, node)| {
        let beside = matches!(node.kind, Kind::Source | Kind::Healed);
        let takes = (!beside).then(|| {
            let (name, ty) = (in_alias(node), node_takes(pipeline, vertex));
            quote!(#[doc(hidden)] #[allow(non_camel_case_types)] type #name = #ty;)
        });
        let yields = node.waits().then(|| {
            let (name, ty) = (out_alias(node), outcome_type(node));
            quote!(#[doc(hidden)] #[allow(non_camel_case_types)] type #name = #ty;)
        });
        quote!(#takes #yields)
    });
    let steps = expand_step_aliases(pipeline);
    quote!(#(#aliases)* #steps)
}

/// The aliases that `Emit` needs, where there are mistakes: a type that cannot be named on its own becomes `()`.
pub(crate) fn expand_emit_aliases(pipeline: &Pipeline<'_>) -> TokenStream {
    let mut names = Vec::new();
    let sources = pipeline
        .nodes
        .iter()
        .filter(|node| node.kind == Kind::EmitSource);
    let aliases = sources.filter_map(|node| {
        if names.contains(&node.name) {
            return None;
        }
        names.push(node.name);
        let (name, ty) = (in_alias(node), &node.input.ty);
        let can_be_named = node.written.signature.generics.params.is_empty()
            && !types::borrows(ty)
            && !types::has_impl(ty)
            && types::sized_instead(ty, "").is_none();
        let ty = if can_be_named {
            quote!(#ty)
        } else {
            quote!(())
        };
        Some(quote!(#[doc(hidden)] #[allow(non_camel_case_types)] type #name = #ty;))
    });
    quote!(#(#aliases)*)
}

/// What a finished call of an asynchronous node yields when it succeeds.
fn outcome_type(node: &Node<'_>) -> TokenStream {
    let answered = answered(node);
    match (node.kind, node.input.mode) {
        (Kind::Sink, Mode::Batch) => quote!(::waterhealer::__private::Answered<()>),
        (Kind::Sink, _) => quote!(()),
        (Kind::Filter, _) => {
            let value = in_alias(node);
            quote!(::core::option::Option<#value>)
        }
        (_, Mode::Batch) | (Kind::ForeachMap | Kind::ForeachAsync, _) => {
            quote!(::waterhealer::__private::Answered<#answered>)
        }
        _ => answered,
    }
}

/// `Resources`, `Emit`, `main` and `pipeline`.
pub(crate) fn expand_surface(pipeline: &Pipeline<'_>) -> TokenStream {
    let resources = expand_resources(pipeline);
    let emit = expand_emit(pipeline);
    let entries = expand_entries(pipeline);
    quote!(#resources #emit #entries)
}

fn expand_resources(pipeline: &Pipeline<'_>) -> Option<TokenStream> {
    let resources = pipeline.resources();
    if resources.is_empty() {
        return None;
    }
    let fields = resources.iter().map(|resource| {
        let (name, ty) = (resource.name, resource.ty);
        let mut users: Vec<String> = resource.users.iter().map(|user| user.to_string()).collect();
        users.dedup();
        let doc = format!(
            " Shared with {}.",
            suggest::listed(users.iter().map(String::as_str))
        );
        quote!(#[doc = #doc] pub #name: #ty)
    });
    Some(quote! {
        /// What the stages share.
        #[allow(private_interfaces, unreachable_pub, missing_debug_implementations)]
        pub struct Resources { #(#fields),* }
    })
}

fn expand_emit(pipeline: &Pipeline<'_>) -> Option<TokenStream> {
    let sources: Vec<&Node<'_>> = pipeline
        .nodes
        .iter()
        .filter(|node| node.kind == Kind::EmitSource)
        .collect();
    let variants = sources.iter().map(|node| {
        let (name, value) = (node.name, in_alias(node));
        let doc = format!(" A value for `{name}`.");
        quote!(#[doc = #doc] #name(#value))
    });
    let from = match sources.as_slice() {
        [] => return None,
        [only] => {
            let (name, value) = (only.name, in_alias(only));
            Some(quote! {
                impl ::core::convert::From<#value> for Emit {
                    fn from(value: #value) -> Self {
                        Emit::#name(value)
                    }
                }
            })
        }
        _ => None,
    };
    Some(quote! {
        /// The values that can be given to the pipeline by hand.
        #[allow(private_interfaces, unreachable_pub, missing_debug_implementations, non_camel_case_types)]
        pub enum Emit { #(#variants),* }
        #from
    })
}

/// The two ways in.
fn expand_entries(pipeline: &Pipeline<'_>) -> TokenStream {
    let has_resources = !pipeline.resources().is_empty();
    let parameter = has_resources.then(|| quote!(resources: Resources));
    let argument = if has_resources {
        quote!(resources)
    } else {
        quote!(())
    };
    let main_doc = format!(
        " Runs the pipeline `{}` as a whole program: command line, configuration, signals, exit code.",
        pipeline.name
    );
    let pipeline_doc = format!(
        " The pipeline `{}`, to be configured and run by a program of one's own.",
        pipeline.name
    );
    let main = quote! {
        #[doc = #main_doc]
        #[allow(unreachable_pub)]
        pub fn main(#parameter) -> ::std::process::ExitCode {
            ::waterhealer::__private::main::<__waterhealer::Graph>(#argument)
        }
    };
    let builder = quote! {
        #[doc = #pipeline_doc]
        #[allow(unreachable_pub)]
        pub fn pipeline(#parameter) -> ::waterhealer::Pipeline<__waterhealer::Graph> {
            ::waterhealer::__private::pipeline::<__waterhealer::Graph>(#argument)
        }
    };
    quote!(#main #builder)
}
