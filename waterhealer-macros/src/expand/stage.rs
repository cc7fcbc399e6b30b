//! The hidden type of an async node that holds a carrier across `await`. A closure cannot be written for every `'record`
//! and answer a future; a trait's method can.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::call::expand_sealed;
use super::hygiene::{answer_span, at, in_alias, input_span, out_alias, stage_type};
use crate::model::Pipeline;
use crate::model::input::Mode;
use crate::model::node::Node;

/// `None` for a node that needs none.
pub(crate) fn expand_stage(node: &Node<'_>, pipeline: &Pipeline<'_>) -> Option<TokenStream> {
    if !node.asynchronous || !node.input.mode.is_lent() {
        return None;
    }
    let batch = node.input.mode == Mode::Batch;
    let stage = stage_type(node);
    let fields = match node.resources.is_empty() {
        true => quote!(;),
        false => quote!({ resources: wh::Arc<super::Resources> }),
    };
    let (input, answer) = (input_span(node, pipeline), answer_span(node, pipeline));
    let (takes, yields) = (at(&in_alias(node), input), at(&out_alias(node), answer));
    // A batch is lent and answered by its rows; the outcomes around them are the lane's.
    let takes = match batch {
        true => quote_spanned!(input=> <super::#takes as wh::Batched>::Row),
        false => quote_spanned!(input=> super::#takes),
    };
    let yields = match batch {
        true => quote_spanned!(answer=> <super::#yields as wh::Outcome>::Value),
        false => quote_spanned!(answer=> super::#yields),
    };
    let sealed = expand_sealed(node, pipeline, &quote!(self.resources), &quote!(.await));
    let sealed = quote_spanned!(answer=> async move #sealed);
    let sealed_type = match batch {
        true => quote_spanned!(answer=> wh::Sealed<wh::Answered<Self::Value>>),
        false => quote_spanned!(answer=> wh::Sealed<Self::Value>),
    };
    let future = quote_spanned! {answer=>
        impl ::core::future::Future<Output = #sealed_type> + Send
    };
    let (stage_trait, carrier) = match batch {
        true => (quote!(AsyncBatchStage), quote!(Batch)),
        false => (quote!(AsyncStage), quote!(Tracked)),
    };
    let doc = format!(" One call of `{}`.", node.name);
    Some(quote! {
        #[doc = #doc]
        struct #stage #fields

        impl wh::#stage_trait for #stage {
            type In = #takes;
            type Value = #yields;

            fn call<'record>(
                self,
                brand: wh::Brand<'record>,
                carrier: wh::#carrier<'record, Self::In>,
            ) -> #future {
                #sealed
            }
        }
    })
}
