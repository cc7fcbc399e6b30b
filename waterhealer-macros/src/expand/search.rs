//! How a graph shows all that waits in it or is held, to whoever looks for a record: gates, turns, buffers and steps.

use proc_macro2::TokenStream;
use quote::quote;

use super::flush::buffering;
use super::graph::gated;
use super::hygiene::own_name;
use super::machine::machines;
use super::spec::number;
use crate::model::Pipeline;

/// `fn search`, where there is anything to show.
pub(crate) fn expand_search(pipeline: &Pipeline<'_>) -> Option<TokenStream> {
    let gates = gated(pipeline).into_iter().map(|node| {
        let name = own_name(node);
        quote!(self.gates.#name.search(search);)
    });
    let flushes = buffering(pipeline).into_iter().map(|(_, node, _)| {
        let name = own_name(node);
        quote!(self.flushes.#name.search(search);)
    });
    let steps = machines(pipeline).into_iter().map(|(vertex, step)| {
        let (at, name) = (number(vertex), &step.ident);
        quote!(wh::Operator::tickets(&self.steps.#name, &mut |ticket| search.held(#at, ticket));)
    });
    let shown: Vec<TokenStream> = gates.chain(flushes).chain(steps).collect();
    (!shown.is_empty()).then(|| {
        quote! {
            fn search(&self, search: &mut wh::Search<'_>) { #(#shown)* }
        }
    })
}
