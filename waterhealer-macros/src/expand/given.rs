//! What a call is given, kept beforehand in case that it fails. What is known of a source's call is the record itself.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Pipeline;
use crate::model::input::Mode;
use crate::model::kind::Kind;
use crate::model::node::Node;

/// How a call of this node tells what it was given.
enum Keeps {
    /// Not at all: the record is told in any case, or the value is left behind by a call that fails.
    Nothing,
    /// Each element of the value is the value of a call.
    Elements,
    /// Its value; of a batch all rows.
    Value,
}

fn keeps(node: &Node<'_>) -> Keeps {
    match node.kind {
        Kind::Source | Kind::Healed => Keeps::Nothing,
        Kind::ForeachMap | Kind::ForeachAsync => Keeps::Elements,
        _ if node.leaves_value() => Keeps::Nothing,
        _ => Keeps::Value,
    }
}

/// What stands before a call: `let given = …;`, or for elements whether they are kept.
pub(crate) fn expand_given(node: &Node<'_>) -> TokenStream {
    match keeps(node) {
        Keeps::Nothing => quote!(),
        Keeps::Elements => quote!(let keeps = lane.keeps_given();),
        Keeps::Value => {
            let given = expand_keep(node, &quote!(lane.keeps_given()));
            match node.input.mode {
                Mode::Batch => quote!(let given = wh::PerRow(#given);),
                _ => quote!(let given = #given;),
            }
        }
    }
}

/// What is known of an element's call.
pub(crate) fn expand_element_given(node: &Node<'_>) -> TokenStream {
    expand_keep(node, &quote!(keeps))
}

/// The outcome of a call that is answered at once, told what it was given.
pub(crate) fn expand_told(node: &Node<'_>, outcome: &TokenStream) -> TokenStream {
    match keeps(node) {
        Keeps::Value => quote!(wh::told(&given, #outcome)),
        Keeps::Nothing | Keeps::Elements => quote!(#outcome),
    }
}

/// A failure after the call's answer, told what the call was given, where that is still at hand.
pub(crate) fn expand_told_later(node: &Node<'_>) -> TokenStream {
    match keeps(node) {
        Keeps::Value if !node.waits() => quote!(wh::told_failure(&given, failure)),
        _ => quote!(failure),
    }
}

/// What is handed over with a call that may wait.
pub(crate) fn expand_handed_over(node: &Node<'_>) -> TokenStream {
    match keeps(node) {
        Keeps::Value => quote!(given),
        Keeps::Nothing | Keeps::Elements => quote!(()),
    }
}

/// What is known of a call with `value`: an `Option<wh::Spare<_>>`.
fn expand_keep(node: &Node<'_>, keeps: &TokenStream) -> TokenStream {
    if node.waits() {
        let value = match node.shares_value() {
            true => quote!(&**value),
            false => quote!(value),
        };
        return quote! {
            wh::given_apart(#keeps, &value, |value, sheet| (&&&wh::Shown(#value)).show(sheet))
        };
    }
    quote! {
        wh::given(
            #keeps,
            &value,
            |value| (&&wh::Copied(value)).copied(),
            |value, sheet| (&&&wh::Shown(value)).show(sheet),
        )
    }
}

/// What is written in the source text for whoever looks at a failure: where the module stands, and what functions are given.
pub(crate) fn expand_written(pipeline: &Pipeline<'_>) -> TokenStream {
    let resources = pipeline.nodes.iter().map(|node| {
        let names = node.resources.iter().filter_map(|used| used.name.as_ref());
        let names = names.map(ToString::to_string);
        quote!(&[#(#names),*])
    });
    quote! {
        const WRITTEN: wh::Written = wh::Written {
            module: ::core::module_path!(),
            resources: &[#(#resources),*],
        };
    }
}
