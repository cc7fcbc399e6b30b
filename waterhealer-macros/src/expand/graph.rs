//! The hidden child module: the graph's data, its struct, its one method per node, and the trait by which a lane calls it.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use super::flush::{
    expand_flush, expand_flush_let_go, expand_flush_methods, expand_flush_variants,
    expand_flushed_arms, expand_flushes_type, expand_new_flushes,
};
use super::given::expand_written;
use super::hygiene::{
    answer_span, in_alias, input_span, local, method, out_alias, own_name, type_span,
};
use super::machine::{
    expand_asked, expand_let_go, expand_new_steps, expand_steps_type, expand_waiting,
    waiting_before,
};
use super::node::{expand_methods, held_type};
use super::replay::expand_replay;
use super::search::expand_search;
use super::spec::{expand_spec, number};
use super::stage::expand_stage;
use super::state::{expand_healed, expand_new_states, expand_states_type};
use super::step::expand_step_methods;
use crate::model::Pipeline;
use crate::model::graph::Edge;
use crate::model::kind::Kind;
use crate::model::node::Node;

/// `pub mod __waterhealer`.
pub(crate) fn expand_hidden(pipeline: &Pipeline<'_>) -> TokenStream {
    let references = expand_references(pipeline);
    let spec = expand_spec(pipeline);
    let types = expand_types(pipeline);
    let implementation = expand_trait(pipeline);
    let nodes =
        (0..pipeline.nodes.len()).filter(|index| pipeline.nodes[*index].kind != Kind::Healed);
    let methods = nodes.map(|index| expand_methods(pipeline, index));
    let steps = expand_step_methods(pipeline);
    let flushes = expand_flush_methods(pipeline);
    let stages = pipeline
        .nodes
        .iter()
        .filter_map(|node| expand_stage(node, pipeline));
    let module = quote! {
        type Lane = wh::Lane<Completion>;
        #spec
        #types
        impl Graph { #(#methods)* #steps #flushes }
        #implementation
        #(#stages)*
        #references
    };
    expand_child(&module)
}

/// The child module around its contents. It sees the user's items as `super::name` only, so that nothing the user calls
/// `Ok` or `Result` gets in the way.
pub(crate) fn expand_child(contents: &TokenStream) -> TokenStream {
    quote! {
        #[doc(hidden)]
        #[allow(
            non_camel_case_types,
            non_snake_case,
            private_interfaces,
            unreachable_pub,
            missing_debug_implementations,
            clippy::all,
            clippy::pedantic
        )]
        pub mod __waterhealer {
            use ::core::prelude::v1::*;
            use ::waterhealer::__private as wh;
            #[allow(unused_imports)]
            use wh::{CopyClone as _, CopyNone as _, ReadJson as _, ReadNot as _, ShowDebug as _, ShowJson as _, ShowName as _};

            #contents
        }
    }
}

/// The functions by the words in `from`, so that an editor knows what they mean. Nothing runs here.
fn expand_references(pipeline: &Pipeline<'_>) -> TokenStream {
    let edges = pipeline.graph.edges.iter();
    let names = edges
        .filter(|edge| is_name(pipeline, edge))
        .map(|edge| edge.at);
    quote!(const _: () = { #(let _ = super::#names;)* };)
}

/// Whether what is written for an edge is a node's name, rather than an operator's.
pub(crate) fn is_name(pipeline: &Pipeline<'_>, edge: &Edge<'_>) -> bool {
    pipeline.nodes.iter().any(|node| node.name == edge.at)
}

/// The types of the graph's trait: what is shared, and what is given by hand. Each stands where the one user's type in it
/// does, if it is only one: it must be fit to move between threads.
pub(crate) fn associated(pipeline: &Pipeline<'_>) -> (TokenStream, TokenStream) {
    let resources = pipeline.resources();
    let span = only(
        resources
            .iter()
            .map(|resource| type_span(resource.ty, pipeline)),
    );
    let resources = match resources.is_empty() {
        true => quote!(()),
        false => quote_spanned!(span=> super::Resources),
    };
    let mut sources = pipeline
        .nodes
        .iter()
        .filter(|node| node.kind == Kind::EmitSource)
        .peekable();
    let emitted = match sources.peek() {
        None => quote!(wh::NoEmit),
        Some(_) => {
            let span = only(sources.map(|source| input_span(source, pipeline)));
            quote_spanned!(span=> super::Emit)
        }
    };
    (resources, emitted)
}

/// The only one of the spans, or the macro's own where there are several.
fn only(mut spans: impl Iterator<Item = Span>) -> Span {
    match (spans.next(), spans.next()) {
        (Some(span), None) => span,
        _ => Span::call_site(),
    }
}

/// The nodes whose answers may come later.
fn waiting<'p, 'a>(pipeline: &'p Pipeline<'a>) -> Vec<&'p Node<'a>> {
    let nodes = pipeline.nodes.iter();
    nodes.filter(|node| node.waits()).collect()
}

/// The nodes in front of which values may wait.
pub(super) fn gated<'p, 'a>(pipeline: &'p Pipeline<'a>) -> Vec<&'p Node<'a>> {
    let nodes = pipeline.nodes.iter();
    nodes
        .filter(|node| node.waits() || node.takes_turns())
        .collect()
}

fn expand_types(pipeline: &Pipeline<'_>) -> TokenStream {
    let (gated, waiting) = (gated(pipeline), waiting(pipeline));
    let fields: Vec<TokenStream> = gated
        .iter()
        .map(|node| {
            let (name, held) = (own_name(node), held_type(node));
            match node.takes_turns() {
                true => quote!(#name: wh::Turns<#held>,),
                false => quote!(#name: wh::Gate<#held>,),
            }
        })
        .collect();
    let variants = waiting.iter().map(|node| {
        let (name, yields) = (own_name(node), out_alias(node));
        let pass = node.takes_turns().then(|| quote!(wh::Pass,));
        quote!(#name(#pass Result<super::#yields, wh::Failure>),)
    });
    let resources =
        (!pipeline.resources().is_empty()).then(|| quote!(resources: wh::Arc<super::Resources>,));
    let gates = (!gated.is_empty()).then(|| quote!(gates: Gates,));
    let (steps_type, states_type) = (expand_steps_type(pipeline), expand_states_type(pipeline));
    let steps = steps_type.as_ref().map(|_| quote!(steps: Steps,));
    let states = states_type.as_ref().map(|_| quote!(states: States,));
    let flushes_type = expand_flushes_type(pipeline);
    let flushes = flushes_type.as_ref().map(|_| quote!(flushes: Flushes,));
    let flush_variants = expand_flush_variants(pipeline);
    let gates_type = (!gated.is_empty()).then(|| {
        quote! {
            /// Where values wait for a call.
            struct Gates { #(#fields)* }
        }
    });
    quote! {
        /// One lane's instance.
        pub struct Graph { #resources #gates #steps #states #flushes }
        #gates_type
        #steps_type
        #states_type
        #flushes_type
        /// What is answered later.
        pub enum Completion { #(#variants)* #flush_variants }
    }
}

fn expand_trait(pipeline: &Pipeline<'_>) -> TokenStream {
    let (resources, emitted) = associated(pipeline);
    let span = only(
        waiting(pipeline)
            .into_iter()
            .map(|node| answer_span(node, pipeline)),
    );
    let completion = quote_spanned!(span=> Completion);
    let methods = [
        expand_new(pipeline),
        expand_record(pipeline),
        expand_read(pipeline),
        expand_emitted(pipeline),
        expand_completed(pipeline),
        expand_abandon(pipeline),
        expand_asked(pipeline),
        expand_search(pipeline).unwrap_or_default(),
        expand_flush(pipeline).unwrap_or_default(),
        expand_healed(pipeline).unwrap_or_default(),
        expand_replay(pipeline),
    ];
    let written = expand_written(pipeline);
    quote! {
        impl wh::Graph for Graph {
            type Resources = #resources;
            type Emitted = #emitted;
            type Completion = #completion;
            #written

            fn spec() -> &'static wh::Spec {
                &SPEC
            }

            #(#methods)*
        }
    }
}

fn expand_new(pipeline: &Pipeline<'_>) -> TokenStream {
    let gated = gated(pipeline);
    let (parameter, resources) = match pipeline.resources().is_empty() {
        true => (quote!(_resources), quote!()),
        false => (quote!(resources), quote!(resources,)),
    };
    let names = gated.iter().map(|node| own_name(node));
    let gates = gated.iter().map(|taking| {
        let vertex = pipeline
            .nodes
            .iter()
            .position(|other| other.name == taking.name);
        let before = vertex.filter(|vertex| waiting_before(pipeline, *vertex).is_some());
        let waiting = before.map(|vertex| {
            let waiting = expand_waiting(pipeline, vertex, &quote!(wh));
            quote!(.waiting(#waiting))
        });
        let node = vertex.map(number);
        let gate = match taking.takes_turns() {
            true => quote!(Turns),
            false => quote!(Gate),
        };
        quote!(wh::#gate::new(&SPEC, #node) #waiting)
    });
    let gates: Vec<TokenStream> = gates.collect();
    let gates = (!gated.is_empty()).then(|| quote!(gates: Gates { #(#names: #gates,)* },));
    let (steps, states) = (expand_new_steps(pipeline), expand_new_states(pipeline));
    let flushes = expand_new_flushes(pipeline);
    quote! {
        fn new(#parameter: wh::Arc<Self::Resources>) -> Self {
            Graph { #resources #gates #steps #states #flushes }
        }
    }
}

fn expand_record(pipeline: &Pipeline<'_>) -> TokenStream {
    let sources = pipeline
        .nodes
        .iter()
        .enumerate()
        .filter(|(_, node)| node.kind == Kind::Source);
    let arms: Vec<TokenStream> = sources
        .map(|(index, node)| {
            let (at, name) = (number(index), own_name(node));
            quote!(#at => self.#name(lane, record, ticket),)
        })
        .collect();
    let (source, record, body) = match arms.is_empty() {
        true => (
            quote!(_source),
            quote!(_record),
            quote!(lane.unrouted(ticket)),
        ),
        false => (
            quote!(source),
            quote!(record),
            quote!(match source { #(#arms)* _ => lane.unrouted(ticket), }),
        ),
    };
    quote! {
        #[inline]
        fn record(&mut self, lane: &mut Lane, #source: usize, #record: &wh::Record<'_>, ticket: wh::Ticket) {
            #body
        }
    }
}

/// What is read of files, for the sources of lines and of names.
fn expand_read(pipeline: &Pipeline<'_>) -> TokenStream {
    let nodes = pipeline.nodes.iter().enumerate();
    let sources = nodes.filter(|(_, node)| node.kind.reads_files());
    let arms = sources.map(|(index, node)| {
        let (at, name, takes) = (number(index), own_name(node), in_alias(node));
        let fed = match node.kind {
            Kind::LineSource => quote!(Line),
            _ => quote!(File),
        };
        let (value, span) = (local("value", pipeline), input_span(node, pipeline));
        let placed = super::hygiene::at(&value, span);
        let handed = quote_spanned!(span=> wh::edge::<_, super::#takes>(#placed));
        quote!((#at, wh::Fed::#fed(#value)) => self.#name(lane, #handed, ticket),)
    });
    let arms: Vec<TokenStream> = arms.collect();
    if arms.is_empty() {
        return quote!();
    }
    quote! {
        fn read(&mut self, lane: &mut Lane, source: usize, fed: wh::Fed, ticket: wh::Ticket) {
            match (source, fed) { #(#arms)* _ => lane.unrouted(ticket), }
        }
    }
}

fn expand_emitted(pipeline: &Pipeline<'_>) -> TokenStream {
    let sources = pipeline
        .nodes
        .iter()
        .filter(|node| node.kind == Kind::EmitSource);
    let names: Vec<_> = sources.map(own_name).collect();
    let (lane, ticket) = match names.is_empty() {
        true => (quote!(_lane), quote!(_ticket)),
        false => (quote!(lane), quote!(ticket)),
    };
    quote! {
        fn emitted(&mut self, #lane: &mut Lane, value: Self::Emitted, #ticket: wh::Ticket) {
            match value { #(super::Emit::#names(value) => self.#names(lane, value, ticket),)* }
        }
    }
}

fn expand_completed(pipeline: &Pipeline<'_>) -> TokenStream {
    let waiting = waiting(pipeline);
    let arms = waiting.iter().map(|node| {
        let name = own_name(node);
        let start = method("start", node, pipeline);
        let finish = method("finish", node, pipeline);
        if node.takes_turns() {
            let next = method("next", node, pipeline);
            return quote! {
                Completion::#name(pass, outcome) => {
                    self.#finish(lane, pass, outcome, ticket);
                    self.#next(lane);
                }
            };
        }
        quote! {
            Completion::#name(outcome) => {
                self.#finish(lane, outcome, ticket);
                while let Some((value, ticket)) = self.gates.#name.next(lane) {
                    self.#start(lane, value, ticket);
                }
            }
        }
    });
    let flushed = expand_flushed_arms(pipeline);
    let (lane, ticket) = match waiting.is_empty() && flushed.is_empty() {
        true => (quote!(_lane), quote!(_ticket)),
        false => (quote!(lane), quote!(ticket)),
    };
    quote! {
        fn completed(&mut self, #lane: &mut Lane, completion: Completion, #ticket: wh::Ticket) {
            match completion { #(#arms)* #(#flushed)* }
        }
    }
}

fn expand_abandon(pipeline: &Pipeline<'_>) -> TokenStream {
    let names: Vec<_> = gated(pipeline).into_iter().map(own_name).collect();
    let dismiss = (!names.is_empty()).then(|| {
        quote! {
            fn dismiss(&mut self, lane: &mut Lane) {
                #(self.gates.#names.abandon(lane);)*
            }
        }
    });
    let steps = expand_let_go(pipeline);
    let flushes = expand_flush_let_go(pipeline, "abandon");
    let abandon = (!steps.is_empty() || !flushes.is_empty()).then(|| {
        quote! {
            fn abandon(&mut self, lane: &mut Lane) {
                #steps
                #(#flushes)*
            }
        }
    });
    quote!(#dismiss #abandon)
}
