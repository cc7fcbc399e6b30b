//! The graph as data: what `graph`, `check` and the lanes read.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use crate::model::Pipeline;
use crate::model::kind::Kind;
use crate::model::node::Node;
use crate::model::text::text;
use crate::parse::value::Policy;

/// `pub static SPEC`.
pub(crate) fn expand_spec(pipeline: &Pipeline<'_>) -> TokenStream {
    let name = word(pipeline.name);
    let settings = pipeline.options.settings();
    let settings = settings.iter().map(|(name, value)| quote!((#name, #value)));
    let nodes = pipeline.nodes.iter().map(expand_node_spec);
    let edges = pipeline.graph.edges.iter().map(|edge| {
        let (from, to) = (number(edge.from), number(edge.to));
        quote!(wh::Edge { from: #from, to: #to, port: 0 })
    });
    quote! {
        pub static SPEC: wh::Spec = wh::Spec {
            name: #name,
            settings: &[#(#settings),*],
            nodes: &[#(#nodes),*],
            edges: &[#(#edges),*],
        };
    }
}

fn expand_node_spec(node: &Node<'_>) -> TokenStream {
    let name = word(node.name);
    let kind = match node.kind {
        Kind::Source => quote!(Source),
        Kind::EmitSource => quote!(EmitSource),
        Kind::Map => quote!(Map),
        Kind::Filter => quote!(Filter),
        Kind::FlatMap => quote!(FlatMap),
        Kind::Sink => quote!(Sink),
        Kind::KafkaSink => quote!(KafkaSink),
    };
    let cardinality = expand_cardinality(node.kind);
    let asynchronous = node.asynchronous;
    let concurrency = number(node.concurrency());
    let on_error = match node.policy() {
        Policy::Halt => quote!(Halt),
        Policy::Skip => quote!(Skip),
    };
    let topics = node.topics().into_iter().map(syn::LitStr::value);
    let properties = node.properties().map(|property| {
        let (name, value) = (property.name.value(), property.value.value());
        quote!((#name, #value))
    });
    let carrier = node.input.mode.is_tracked();
    let takes = node
        .input
        .written
        .as_ref()
        .map(|ty| text(ty.to_token_stream()))
        .unwrap_or_default();
    let gives = gives(node);
    let doc = node.doc();
    quote! {
        wh::NodeSpec {
            name: #name,
            kind: wh::NodeKind::#kind,
            label: "",
            cardinality: wh::Cardinality::#cardinality,
            asynchronous: #asynchronous,
            concurrency: #concurrency,
            on_error: wh::OnError::#on_error,
            topics: &[#(#topics),*],
            properties: &[#(#properties),*],
            carrier: #carrier,
            takes: #takes,
            gives: #gives,
            doc: #doc,
        }
    }
}

/// How many values come out for what goes in.
fn expand_cardinality(kind: Kind) -> TokenStream {
    match kind {
        Kind::Source | Kind::EmitSource => quote!(Start),
        Kind::Map => quote!(One),
        Kind::Filter => quote!(Subset),
        Kind::FlatMap => quote!(Many),
        Kind::Sink | Kind::KafkaSink => quote!(End),
    }
}

/// The type of what goes on: of a filter what it takes, of a sink nothing.
fn gives(node: &Node<'_>) -> String {
    let value = match node.kind {
        Kind::Sink => None,
        Kind::Filter => Some(&node.input.ty),
        _ => node.answer.value.as_ref(),
    };
    value
        .map(|ty| text(ty.to_token_stream()))
        .unwrap_or_default()
}

/// An index or a count, without a suffix.
pub(crate) fn number(number: usize) -> Literal {
    Literal::usize_unsuffixed(number)
}

fn word(name: &syn::Ident) -> String {
    syn::ext::IdentExt::unraw(name).to_string()
}
