//! The graph as data: what `graph`, `check` and the lanes read.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};
use syn::LitStr;

use super::handling::expand_handling;
use crate::model::Pipeline;
use crate::model::kind::Kind;
use crate::model::node::Node;
use crate::model::step::Step;
use crate::model::text::text;
use crate::operator::Cardinality;
use crate::parse::value::{DeadLetter, Policy, Style};

/// `pub static SPEC`.
pub(crate) fn expand_spec(pipeline: &Pipeline<'_>) -> TokenStream {
    let name = word(pipeline.name);
    let settings = pipeline.options.settings();
    let settings = settings.iter().map(|(name, value)| quote!((#name, #value)));
    let nodes = pipeline.nodes.iter().enumerate();
    let nodes = nodes.map(|(index, node)| expand_node_spec(pipeline, index, node));
    let steps = pipeline
        .graph
        .vertices()
        .map(|(vertex, step)| expand_step_spec(pipeline, vertex, step));
    let edges = pipeline.graph.edges.iter().map(|edge| {
        let (from, to, port) = (number(edge.from), number(edge.to), number(edge.port));
        quote!(wh::Edge { from: #from, to: #to, port: #port })
    });
    quote! {
        pub static SPEC: wh::Spec = wh::Spec {
            name: #name,
            settings: &[#(#settings),*],
            nodes: &[#(#nodes,)* #(#steps),*],
            edges: &[#(#edges),*],
        };
    }
}

fn expand_node_spec(pipeline: &Pipeline<'_>, index: usize, node: &Node<'_>) -> TokenStream {
    let name = word(node.name);
    let kind = match node.kind {
        Kind::Source => quote!(Source),
        Kind::EmitSource => quote!(EmitSource),
        Kind::LineSource => quote!(LineSource),
        Kind::FileSource => quote!(FileSource),
        Kind::Map => quote!(Map),
        Kind::Filter => quote!(Filter),
        Kind::FlatMap => quote!(FlatMap),
        Kind::Accumulate => quote!(Accumulate),
        Kind::ForeachMap => quote!(ForeachMap),
        Kind::ForeachAsync => quote!(ForeachAsync),
        Kind::Sink => quote!(Sink),
        Kind::KafkaSink => quote!(KafkaSink),
        Kind::Healed => quote!(Healed),
    };
    let cardinality = expand_cardinality(node.kind);
    let asynchronous = node.asynchronous;
    let concurrency = number(node.concurrency());
    let on_error = expand_policy(&node.policy());
    let handling = expand_handling(node, pipeline);
    let topics = node.topics().into_iter().map(LitStr::value);
    let path = node.path().map(LitStr::value).unwrap_or_default();
    let properties = node.properties().map(|property| {
        let (name, value) = (property.name.value(), property.value.value());
        quote!((#name, #value))
    });
    let breaker = expand_breaker(pipeline, index, node);
    let checkpoint = pipeline.has_checkpoint(index);
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
            handling: #handling,
            topics: &[#(#topics),*],
            path: #path,
            properties: &[#(#properties),*],
            breaker: #breaker,
            checkpoint: #checkpoint,
            carrier: #carrier,
            takes: #takes,
            gives: #gives,
            doc: #doc,
        }
    }
}

fn expand_breaker(pipeline: &Pipeline<'_>, index: usize, node: &Node<'_>) -> TokenStream {
    let Some(breaker) = node.written.options.breaker.value() else {
        return quote!(None);
    };
    let unsuffixed = |number: u32| Literal::u32_unsuffixed(number);
    let consecutive = match breaker.consecutive.map(unsuffixed) {
        Some(number) => quote!(Some(#number)),
        None => quote!(None),
    };
    let share = match breaker.share {
        Some((percent, of)) => {
            let (percent, of) = (unsuffixed(percent), unsuffixed(of));
            quote!(Some(wh::Share { percent: #percent, of: #of }))
        }
        None => quote!(None),
    };
    let rows = pipeline.counts_rows(index);
    quote!(Some(wh::Breaker { consecutive: #consecutive, share: #share, rows: #rows }))
}

/// How many values come out for what goes in.
fn expand_cardinality(kind: Kind) -> TokenStream {
    match kind.cardinality() {
        None if kind.is_source() => quote!(Start),
        None => quote!(End),
        Some(cardinality) => expand_how_many(cardinality),
    }
}

fn expand_how_many(cardinality: Cardinality) -> TokenStream {
    match cardinality {
        Cardinality::One => quote!(One),
        Cardinality::Subset => quote!(Subset),
        Cardinality::Many => quote!(Many),
        Cardinality::Regroup => quote!(Regroup),
        Cardinality::Merge => quote!(Merge),
    }
}

/// An operator as a node: `summarise.partition`, known by the node it stands before. It fails as that node says.
fn expand_step_spec(pipeline: &Pipeline<'_>, vertex: usize, step: &Step<'_>) -> TokenStream {
    let checkpoint = pipeline.has_checkpoint(vertex);
    let owner = &pipeline.nodes[step.owner];
    let operator = step.ident.to_string();
    let operator = operator.trim_start_matches(&format!("{}_", owner.name));
    let name = format!("{}.{operator}", word(owner.name));
    let (label, cardinality) = (&step.label, expand_how_many(step.cardinality()));
    let on_error = expand_policy(&owner.policy());
    let on_panic = owner.on_panic(pipeline.options);
    let handling = match on_panic.goes_on() {
        true => {
            let on_panic = expand_policy(&on_panic);
            quote!(wh::Handling { on_panic: wh::OnError::#on_panic, ..wh::Handling::USUAL })
        }
        false => quote!(wh::Handling::USUAL),
    };
    quote! {
        wh::NodeSpec {
            name: #name,
            kind: wh::NodeKind::Operator,
            label: #label,
            cardinality: wh::Cardinality::#cardinality,
            asynchronous: false,
            concurrency: 1,
            on_error: wh::OnError::#on_error,
            handling: #handling,
            topics: &[],
            path: "",
            properties: &[],
            breaker: None,
            checkpoint: #checkpoint,
            carrier: false,
            takes: "",
            gives: "",
            doc: "",
        }
    }
}

pub(crate) fn expand_policy(policy: &Policy) -> TokenStream {
    let DeadLetter { topic, style, .. } = match policy {
        Policy::Halt => return quote!(Halt),
        Policy::Skip => return quote!(Skip),
        Policy::DeadLetter(letter) => letter,
    };
    let topic = match topic.as_ref().map(LitStr::value) {
        Some(topic) => quote!(Some(#topic)),
        None => quote!(None),
    };
    let style = match style {
        Style::Connect => quote!(Connect),
        Style::Spring => quote!(Spring),
        Style::Streams => quote!(Streams),
    };
    quote!(DeadLetter(wh::DeadLetter { topic: #topic, style: wh::Style::#style }))
}

/// The type of what goes on: of a filter what it takes, of a sink nothing.
fn gives(node: &Node<'_>) -> String {
    let value = match node.kind {
        Kind::Sink | Kind::Healed => None,
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
