//! How calls are made, and made again: as data, and the functions that judge errors.

use std::time::Duration;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;

use super::brand::brand_static;
use super::spec::{expand_policy, number};
use super::types::maker;
use crate::model::Pipeline;
use crate::model::node::Node;
use crate::parse::handling::{Order, Retry};
use crate::parse::value::duration_of;

/// `wh::Handling { … }`, or that of a node of which nothing is said.
pub(crate) fn expand_handling(node: &Node<'_>, pipeline: &Pipeline<'_>) -> TokenStream {
    let on_panic = node.on_panic(pipeline.options);
    let timeout = node.written.options.timeout.value();
    let timeout = timeout.and_then(|timeout| duration_of(&timeout.value()));
    let order = node.order();
    let mut said = Vec::new();
    if on_panic.goes_on() {
        let on_panic = expand_policy(&on_panic);
        said.push(quote!(on_panic: wh::OnError::#on_panic));
    }
    if let Some(retry) = node.retry() {
        let retry = expand_retry(retry);
        said.push(quote!(retry: Some(#retry)));
    }
    if let Some(timeout) = timeout {
        let timeout = duration(timeout);
        said.push(quote!(timeout: Some(#timeout)));
    }
    match order {
        Order::None => {}
        Order::Partition => said.push(quote!(order_by: wh::OrderBy::Partition)),
        Order::Key => said.push(quote!(order_by: wh::OrderBy::Key)),
    }
    if node.blocking() {
        said.push(quote!(blocking: true));
    }
    if let Some(flush) = &node.flush {
        let flush = flush.name.unraw().to_string();
        said.push(quote!(flush: #flush));
    }
    match said.is_empty() {
        true => quote!(wh::Handling::USUAL),
        false => quote!(wh::Handling { #(#said,)* ..wh::Handling::USUAL }),
    }
}

fn expand_retry(retry: &Retry) -> TokenStream {
    let (max, from, to) = (number(retry.max), duration(retry.from), duration(retry.to));
    let jitter = retry.jitter;
    quote!(wh::Retry { max: #max, from: #from, to: #to, jitter: #jitter })
}

fn duration(duration: Duration) -> TokenStream {
    let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let millis = Literal::u64_unsuffixed(millis);
    quote!(wh::Duration::from_millis(#millis))
}

/// The functions in the user's module that call what `retry(on = …)` names.
pub(crate) fn expand_judges(pipeline: &Pipeline<'_>) -> TokenStream {
    let judges = pipeline.nodes.iter().filter_map(|node| {
        let on = node.retry()?.on.as_ref()?;
        let (name, finished) = (judge(node), node.answer.finished.as_ref()?);
        let finished = brand_static(finished).into_token_stream();
        // A function for other errors is told at its name.
        let span = on.segments.last()?.ident.span();
        let error = Ident::new("error", Span::call_site().located_at(span));
        Some(quote! {
            #[doc(hidden)]
            fn #name(#error: &<#finished as ::waterhealer::__private::Fallible>::Error) -> bool {
                #on(#error)
            }
        })
    });
    quote!(#(#judges)*)
}

/// The name of the function that judges a node's errors.
pub(crate) fn judge(node: &Node<'_>) -> Ident {
    maker("judge", node.name)
}
