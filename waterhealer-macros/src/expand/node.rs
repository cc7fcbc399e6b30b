//! The methods of one node: one where its function answers at once, more where it may wait or its calls take turns.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::call::{borrows_from_graph, expand_call, expand_work};
use super::deliver::{expand_arms, expand_counted, expand_taken};
use super::given::{expand_given, expand_handed_over, expand_told};
use super::hygiene::{answer_span, at, in_alias, input_span, local, method, out_alias, own_name};
use super::spec::number;
use crate::model::Pipeline;
use crate::model::kind::Kind;
use crate::model::node::Node;

/// All methods of the node.
pub(crate) fn expand_methods(pipeline: &Pipeline<'_>, index: usize) -> TokenStream {
    let node = &pipeline.nodes[index];
    match (node.waits(), node.takes_turns()) {
        (false, false) => expand_direct(pipeline, index),
        (_, true) if node.kind == Kind::Source => expand_record_turns(pipeline, index),
        (true, false) => expand_waiting(pipeline, index),
        (_, true) => expand_turns(pipeline, index),
    }
}

/// A function that answers at once.
fn expand_direct(pipeline: &Pipeline<'_>, index: usize) -> TokenStream {
    let node = &pipeline.nodes[index];
    let (doc, name) = (doc(node), own_name(node));
    let value = match node.kind {
        Kind::Source => quote!(record: &wh::Record<'_>),
        _ => {
            let takes = in_alias(node);
            quote!(value: super::#takes)
        }
    };
    let resources = borrows_from_graph(node).then(clone_resources);
    let taken = expand_taken(pipeline, index);
    let (enter, leave) = expand_entered(index);
    let call = expand_call(node, pipeline);
    let given = expand_given(node);
    let counted = expand_counted(pipeline, index, expand_told(node, &quote!(outcome)));
    let arms = expand_arms(pipeline, index);
    quote! {
        #[doc = #doc]
        #[inline]
        fn #name(&mut self, lane: &mut Lane, #value, ticket: wh::Ticket) {
            #taken
            #resources
            #given
            #enter
            let outcome = #call;
            #leave
            match #counted { #arms }
        }
    }
}

/// What stands before a call that is answered at once, and after it: in between, the lane is in that call.
fn expand_entered(index: usize) -> (TokenStream, TokenStream) {
    let at = number(index);
    (
        quote!(let called = lane.enter(#at, &ticket);),
        quote!(lane.leave(called);),
    )
}

/// A function that may wait: its value enters by the gate, its call is started, its outcome is taken up here or comes back
/// as a completion.
fn expand_waiting(pipeline: &Pipeline<'_>, index: usize) -> TokenStream {
    let node = &pipeline.nodes[index];
    let (doc, name, takes, yields) = (doc(node), own_name(node), in_alias(node), out_alias(node));
    let start = method("start", node, pipeline);
    let finish = method("finish", node, pipeline);
    let completion = quote!(Completion::#name);
    let begin = expand_begin(
        pipeline,
        index,
        &completion,
        &quote!(self.#finish(lane, outcome, ticket)),
    );
    let arms = expand_arms(pipeline, index);
    let outcome = expand_counted(pipeline, index, quote!(outcome));
    let taken = expand_taken(pipeline, index);
    quote! {
        #[doc = #doc]
        #[inline]
        fn #name(&mut self, lane: &mut Lane, value: super::#takes, ticket: wh::Ticket) {
            #taken
            if let Some((value, ticket)) = self.gates.#name.admit(lane, value, ticket) {
                self.#start(lane, value, ticket);
            }
        }

        #[inline]
        fn #start(&mut self, lane: &mut Lane, value: super::#takes, ticket: wh::Ticket) {
            #begin
        }

        #[inline]
        fn #finish(&mut self, lane: &mut Lane, outcome: Result<super::#yields, wh::Failure>, ticket: wh::Ticket) {
            self.gates.#name.leave();
            match #outcome { #arms }
        }
    }
}

/// A function whose calls wait for one another, or are made again: its value enters when it is its turn, with a pass that
/// stays with it from call to call.
fn expand_turns(pipeline: &Pipeline<'_>, index: usize) -> TokenStream {
    let node = &pipeline.nodes[index];
    let (doc, name, takes) = (doc(node), own_name(node), in_alias(node));
    let (start, next) = (
        method("start", node, pipeline),
        method("next", node, pipeline),
    );
    let held = held_type(node);
    let value = match node.shares_value() {
        true => quote!(wh::Arc::new(value)),
        false => quote!(value),
    };
    let (calls, finish) = match node.waits() {
        true => (
            expand_turn_that_waits(pipeline, index),
            Some(expand_finish(pipeline, index)),
        ),
        false => (expand_turn(pipeline, index), None),
    };
    let taken = expand_taken(pipeline, index);
    quote! {
        #[doc = #doc]
        #[inline]
        fn #name(&mut self, lane: &mut Lane, value: super::#takes, ticket: wh::Ticket) {
            #taken
            if let Some((value, ticket, pass)) = self.gates.#name.admit(lane, #value, ticket) {
                self.#start(lane, value, ticket, pass);
            }
        }

        fn #next(&mut self, lane: &mut Lane) {
            while let Some((value, ticket, pass)) = self.gates.#name.next(lane) {
                self.#start(lane, value, ticket, pass);
            }
        }

        #[inline]
        fn #start(&mut self, lane: &mut Lane, value: #held, ticket: wh::Ticket, pass: wh::Pass) {
            #calls
        }

        #finish
    }
}

/// As `expand_turns`, for records of Kafka: they are lent by the client, and by what was kept of them where they had to wait.
fn expand_record_turns(pipeline: &Pipeline<'_>, index: usize) -> TokenStream {
    let node = &pipeline.nodes[index];
    let (doc, name) = (doc(node), own_name(node));
    let (start, next) = (
        method("start", node, pipeline),
        method("next", node, pipeline),
    );
    let call = expand_call(node, pipeline);
    let arms = expand_arms(pipeline, index);
    let counted = expand_counted(pipeline, index, quote!(outcome));
    let held = held_type(node);
    quote! {
        #[doc = #doc]
        #[inline]
        fn #name(&mut self, lane: &mut Lane, record: &wh::Record<'_>, ticket: wh::Ticket) {
            if let Some((ticket, pass)) = self.gates.#name.admit_record(lane, record, ticket) {
                self.#start(lane, record, None, ticket, pass);
            }
        }

        fn #next(&mut self, lane: &mut Lane) {
            while let Some((kept, ticket, pass)) = self.gates.#name.next(lane) {
                self.#start(lane, &kept.record(), Some(&kept), ticket, pass);
            }
        }

        #[inline]
        fn #start(&mut self, lane: &mut Lane, record: &wh::Record<'_>, kept: Option<&#held>, ticket: wh::Ticket, pass: wh::Pass) {
            let outcome = #call;
            if let Some((outcome, ticket)) = self.gates.#name.hear_record(lane, pass, record, kept, outcome, ticket) {
                match #counted { #arms }
            }
        }
    }
}

/// One call that is answered at once.
fn expand_turn(pipeline: &Pipeline<'_>, index: usize) -> TokenStream {
    let node = &pipeline.nodes[index];
    let name = own_name(node);
    let resources = borrows_from_graph(node).then(clone_resources);
    let (enter, leave) = expand_entered(index);
    let call = expand_call(node, pipeline);
    let arms = expand_arms(pipeline, index);
    let counted = expand_counted(pipeline, index, quote!(outcome));
    let (given, told) = (expand_given(node), expand_told(node, &quote!(outcome)));
    let hear = quote! {
        if let Some((outcome, ticket)) = self.gates.#name.hear(lane, pass, spare, #told, ticket) {
            match #counted { #arms }
        }
    };
    if node.leaves_value() {
        let answer = local("answer", pipeline);
        // It is let go inside the guard: its `Drop` is the user's code.
        let goes_on = match node.kind {
            Kind::Filter => quote!(#answer.then_some(value)),
            _ => quote!({ drop(value); #answer }),
        };
        return quote! {
            #resources
            #enter
            let (outcome, spare) = match #call {
                Ok(#answer) => (wh::guard(|| #goes_on), None),
                Err(failure) => (
                    Err(lane.given(failure, &value, |value, sheet| (&&&wh::Shown(value)).show(sheet))),
                    Some(value),
                ),
            };
            #leave
            #hear
        };
    }
    let span = input_span(node, pipeline);
    let keep = Ident::new("spare", span);
    let value = at(&local("value", pipeline), span);
    let value = quote_spanned!(span=> &#value);
    quote! {
        #resources
        let Some((spare, ticket)) = self.gates.#name.#keep(lane, pass, #value, ticket) else {
            return;
        };
        #given
        #enter
        let outcome = #call;
        #leave
        #hear
    }
}

/// One call that may wait, and what becomes of its outcome.
fn expand_turn_that_waits(pipeline: &Pipeline<'_>, index: usize) -> TokenStream {
    let node = &pipeline.nodes[index];
    let (name, finish) = (own_name(node), method("finish", node, pipeline));
    let completion = quote!(move |outcome| Completion::#name(pass, outcome));
    let finished = quote!(self.#finish(lane, pass, outcome, ticket));
    let begin = expand_begin(pipeline, index, &completion, &finished);
    let span = input_span(node, pipeline);
    let keep = Ident::new("keep", span);
    let value = at(&local("value", pipeline), span);
    let value = quote_spanned!(span=> &#value);
    let keep = node.retry().is_some().then(|| {
        quote! {
            let Some(ticket) = self.gates.#name.#keep(lane, pass, #value, ticket) else {
                return;
            };
        }
    });
    quote!(#keep #begin)
}

/// What becomes of the outcome of a call that may wait.
fn expand_finish(pipeline: &Pipeline<'_>, index: usize) -> TokenStream {
    let node = &pipeline.nodes[index];
    let (name, finish, yields) = (
        own_name(node),
        method("finish", node, pipeline),
        out_alias(node),
    );
    let arms = expand_arms(pipeline, index);
    let counted = expand_counted(pipeline, index, quote!(outcome));
    quote! {
        #[inline]
        fn #finish(&mut self, lane: &mut Lane, pass: wh::Pass, outcome: Result<super::#yields, wh::Failure>, ticket: wh::Ticket) {
            if let Some((outcome, ticket)) = self.gates.#name.hear(lane, pass, None, outcome, ticket) {
                match #counted { #arms }
            }
        }
    }
}

/// Begins a call that may wait: `finished` is done if it did not.
fn expand_begin(
    pipeline: &Pipeline<'_>,
    index: usize,
    completion: &TokenStream,
    finished: &TokenStream,
) -> TokenStream {
    let node = &pipeline.nodes[index];
    let at = number(index);
    let resources = (!node.resources.is_empty()).then(clone_resources);
    let (given, handed_over) = (expand_given(node), expand_handed_over(node));
    let variable = local("work", pipeline);
    let span = answer_span(node, pipeline);
    let placed = Ident::new("work", span);
    if node.blocking() {
        let call = expand_call(node, pipeline);
        let work = match node.input.mode.is_lent() {
            true => call,
            false => quote_spanned!(span=> move || #call),
        };
        let block = Ident::new("block", span);
        return quote! {
            #resources
            #given
            let #variable = #work;
            lane.#block(#at, #placed, #handed_over, ticket, #completion);
        };
    }
    let work = expand_work(node, pipeline);
    let started = Ident::new("start", span);
    quote! {
        #resources
        #given
        let #variable = #work;
        if let Some((outcome, ticket)) = lane.#started(#at, #placed, #handed_over, ticket, #completion) {
            #finished;
        }
    }
}

/// What a node whose calls take turns holds for each.
pub(crate) fn held_type(node: &Node<'_>) -> TokenStream {
    if node.kind == Kind::Source {
        return quote!(wh::Arc<wh::Meta>);
    }
    let takes = in_alias(node);
    match node.shares_value() {
        true => quote!(wh::Arc<super::#takes>),
        false => quote!(super::#takes),
    }
}

fn clone_resources() -> TokenStream {
    quote!(let resources = wh::Arc::clone(&self.resources);)
}

/// Which node a method is: its attribute and its name.
fn doc(node: &Node<'_>) -> String {
    let asynchronous = if node.asynchronous { "async " } else { "" };
    format!(
        " `#[{}] {asynchronous}fn {}`",
        node.written.word.text(),
        node.name
    )
}
