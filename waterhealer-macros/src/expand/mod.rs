//! From the checked model to code. Short methods that read like the pipeline and call `::waterhealer::__private`; nothing
//! here decides or fails. `fallback` is for a pipeline with mistakes.

mod brand;
mod call;
mod deliver;
mod fallback;
mod flush;
mod given;
mod graph;
mod handling;
mod hygiene;
mod items;
mod machine;
mod node;
mod replay;
mod search;
mod spec;
mod stage;
mod state;
mod step;
mod surface;
mod types;

pub(crate) use fallback::expand_fallback;

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Pipeline;

/// The module with everything that makes it a pipeline.
pub(crate) fn expand_pipeline(pipeline: &Pipeline<'_>) -> TokenStream {
    let items = items::expand_items(pipeline);
    let aliases = surface::expand_aliases(pipeline);
    let surface = surface::expand_surface(pipeline);
    let (makers, starts) = (
        machine::expand_makers(pipeline),
        state::expand_starts(pipeline),
    );
    let judges = handling::expand_judges(pipeline);
    let hidden = graph::expand_hidden(pipeline);
    let contents = quote!(#items #aliases #makers #starts #judges #surface #hidden);
    items::expand_module(pipeline.module, &contents)
}
