//! Steps: the operators between nodes. One method for each input, one for what comes out, and what the lane asks of all.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::deliver::{expand_each_of, expand_edges};
use super::hygiene::{after_method, local, located, op_alias, port_alias, port_method};
use super::spec::number;
use super::types::maker;
use crate::model::Pipeline;
use crate::model::pairing::Pairing;
use crate::model::settings::{Setting, Slot};
use crate::model::shape::Shape;
use crate::model::step::Step;
use crate::operator::{Default, Form, Gives, Machine};

/// All methods of the steps.
pub(crate) fn expand_step_methods(pipeline: &Pipeline<'_>) -> TokenStream {
    let steps = pipeline
        .graph
        .vertices()
        .filter(|(_, step)| step.is_called());
    let methods = steps.map(|(vertex, step)| match (step.has_state(), step.gives()) {
        (true, _) => expand_machine(pipeline, vertex, step),
        (false, Gives::Elements) => expand_flatten(pipeline, vertex, step),
        (false, Gives::Tuple) => expand_beside(pipeline, vertex, step),
        _ => expand_pluck(pipeline, vertex, step),
    });
    quote!(#(#methods)*)
}

/// The steps with a state machine, those before others first.
fn machines<'p, 'a>(pipeline: &'p Pipeline<'a>) -> Vec<(usize, &'p Step<'a>)> {
    let steps = pipeline
        .graph
        .vertices()
        .filter(|(_, step)| step.has_state());
    let mut steps: Vec<_> = steps.collect();
    steps.sort_by_key(|(vertex, _)| pipeline.graph.upstream(*vertex).len());
    steps
}

/// Values go in at one of its inputs; what is ready goes on.
fn expand_machine(pipeline: &Pipeline<'_>, vertex: usize, step: &Step<'_>) -> TokenStream {
    let (at, name) = (number(vertex), &step.ident);
    let after = after_method(step, pipeline);
    let inputs = (0..step.inputs()).map(|port| {
        let (takes, method) = (port_alias(step, port), port_method(step, port, pipeline));
        let doc = match step.inputs() {
            1 => format!(" `{}`", step.label),
            _ => format!(" Input {port} of `{}`", step.label),
        };
        let port = number(port);
        quote! {
            #[doc = #doc]
            fn #method(&mut self, lane: &mut Lane, value: super::#takes, ticket: wh::Ticket) {
                if let Some((value, ticket)) = lane.push::<#port, _>(#at, &mut self.steps.#name, value, ticket) {
                    self.#after(lane, value, ticket);
                }
            }
        }
    });
    let doc = format!(" What `{}` gives.", step.label);
    let operator = op_alias(step);
    let value = local("value", pipeline);
    let literals = expand_template(pipeline, step);
    let edges = expand_edges(pipeline, vertex, "ticket");
    quote! {
        #(#inputs)*

        #[doc = #doc]
        fn #after(&mut self, lane: &mut Lane, #value: <super::#operator as wh::Operator>::Out, ticket: wh::Ticket) {
            #literals
            #edges
        }
    }
}

/// Puts the literals of a join between its inputs.
fn expand_template(pipeline: &Pipeline<'_>, step: &Step<'_>) -> Option<TokenStream> {
    let slots = &step.settings.slots;
    let literals = slots.iter().any(|slot| matches!(slot, Slot::Literal(_)));
    let value = local("value", pipeline);
    let mut port = 0;
    let others = slots.iter().map(|slot| match slot {
        Slot::Node(_) => {
            port += 1;
            let index = syn::Index::from(port);
            quote!(#value.#index)
        }
        Slot::Literal(literal) => quote!(#literal),
    });
    let others: Vec<TokenStream> = others.collect();
    literals.then(|| quote!(let #value = (#value.0, #(#others),*);))
}

/// A zip with literals alone.
fn expand_beside(pipeline: &Pipeline<'_>, vertex: usize, step: &Step<'_>) -> TokenStream {
    let (takes, name) = (port_alias(step, 0), &step.ident);
    let doc = format!(" `{}`", step.label);
    let value = local("value", pipeline);
    let literals = step.settings.slots.iter().filter_map(|slot| match slot {
        Slot::Literal(literal) => Some(literal),
        Slot::Node(_) => None,
    });
    let edges = expand_edges(pipeline, vertex, "ticket");
    quote! {
        #[doc = #doc]
        fn #name(&mut self, lane: &mut Lane, #value: super::#takes, ticket: wh::Ticket) {
            let #value = (#value, #(#literals),*);
            #edges
        }
    }
}

/// The rows of a batch with their own tickets, or the elements of a collection with shares of its record.
fn expand_flatten(pipeline: &Pipeline<'_>, vertex: usize, step: &Step<'_>) -> TokenStream {
    let (at, takes, name) = (number(vertex), port_alias(step, 0), &step.ident);
    let doc = format!(" `{}`", step.label);
    let value = local("value", pipeline);
    let from = pipeline.graph.leading_to(vertex, 0).next();
    let rows = from.is_some_and(|edge| pipeline.shape(edge.from) == Shape::Rows);
    let body = match rows {
        true => {
            let edges = expand_edges(pipeline, vertex, "ticket");
            quote! {
                for (#value, ticket) in lane.unbind(#value, ticket) {
                    #edges
                }
            }
        }
        false => {
            let values = local("values", pipeline);
            let placed = super::hygiene::at(&value, step.at.span().resolved_at(pipeline.anchor()));
            let each = located(&quote!(wh::Each::new(#placed)), step.at.span());
            expand_each_of(pipeline, vertex, &at, &values, &each, step.at.span())
        }
    };
    quote! {
        #[doc = #doc]
        fn #name(&mut self, lane: &mut Lane, #value: super::#takes, ticket: wh::Ticket) {
            #body
        }
    }
}

/// A field of the value, or several as a tuple. The rest of the value is let go, which may run the user's code.
fn expand_pluck(pipeline: &Pipeline<'_>, vertex: usize, step: &Step<'_>) -> TokenStream {
    let (at, takes, name) = (number(vertex), port_alias(step, 0), &step.ident);
    let doc = format!(" `{}`", step.label);
    let value = local("value", pipeline);
    let (members, tuple) = match step.settings.get("field") {
        Some(Setting::Fields { members, tuple }) => (members.as_slice(), *tuple),
        _ => (&[][..], false),
    };
    let parts = members.iter().map(|member| match member {
        syn::Member::Named(field) => {
            let span = field.span().resolved_at(pipeline.anchor());
            let value = super::hygiene::at(&value, span);
            quote!(#value.#field)
        }
        syn::Member::Unnamed(index) => {
            let index = quote_spanned!(index.span=> #index);
            quote!(#value.#index)
        }
    });
    let part = match tuple {
        true => quote!((#(#parts,)*)),
        false => quote!(#(#parts)*),
    };
    let edges = expand_edges(pipeline, vertex, "ticket");
    quote! {
        #[doc = #doc]
        fn #name(&mut self, lane: &mut Lane, #value: super::#takes, ticket: wh::Ticket) {
            match wh::guard(|| #part) {
                Ok(#value) => { #edges }
                Err(failure) => lane.failed(#at, ticket, failure),
            }
        }
    }
}

/// `struct Steps`, where there are any with a state.
pub(crate) fn expand_steps_type(pipeline: &Pipeline<'_>) -> Option<TokenStream> {
    let machines = machines(pipeline);
    let names = machines.iter().map(|(_, step)| &step.ident);
    let types = machines.iter().map(|(_, step)| op_alias(step));
    (!machines.is_empty()).then(|| {
        quote! {
            /// What stands between the nodes.
            struct Steps { #(#names: super::#types,)* }
        }
    })
}

/// The field of all steps, made new.
pub(crate) fn expand_new_steps(pipeline: &Pipeline<'_>) -> Option<TokenStream> {
    let machines = machines(pipeline);
    let new = machines.iter().map(|(vertex, step)| {
        let name = &step.ident;
        let made = match has_key(step) {
            true => {
                let maker = maker("new", name);
                quote!(super::#maker())
            }
            false => {
                let machine = op_alias(step);
                expand_new(
                    pipeline,
                    *vertex,
                    step,
                    &quote!(super::#machine),
                    &quote!(wh),
                )
            }
        };
        quote!(#name: #made,)
    });
    (!machines.is_empty()).then(|| quote!(steps: Steps { #(#new)* },))
}

/// The functions in the user's module that make steps out of the user's own expressions.
pub(crate) fn expand_makers(pipeline: &Pipeline<'_>) -> TokenStream {
    let steps = machines(pipeline)
        .into_iter()
        .filter(|(_, step)| has_key(step));
    let makers = steps.map(|(vertex, step)| {
        let (name, operator) = (maker("new", &step.ident), op_alias(step));
        let wh = quote!(::waterhealer::__private);
        let made = expand_new(pipeline, vertex, step, &quote!(#operator), &wh);
        quote!(#[doc(hidden)] fn #name() -> #operator { #made })
    });
    quote!(#(#makers)*)
}

/// `unique` always has a key: without one, the value itself.
fn has_key(step: &Step<'_>) -> bool {
    let mut parameters = step.operator.parameters.iter();
    parameters.any(|parameter| parameter.form == Form::Key)
}

/// The type is named before the user's closure, whose parameter it then is known to be.
fn expand_new(
    pipeline: &Pipeline<'_>,
    vertex: usize,
    step: &Step<'_>,
    machine: &TokenStream,
    wh: &TokenStream,
) -> TokenStream {
    let parameters = step.operator.parameters.iter();
    let parameters =
        parameters.filter(|parameter| !matches!(parameter.form, Form::Flag | Form::Node));
    let arguments = parameters.map(|parameter| {
        let setting = step.settings.get(parameter.name);
        expand_argument(
            pipeline,
            vertex,
            parameter.form,
            parameter.default,
            setting,
            wh,
        )
    });
    let waiting = (step.operator.machine == Machine::State("RateLimit")).then(|| {
        let waiting = expand_waiting(pipeline, vertex, wh);
        quote!(, #waiting)
    });
    located(
        &quote!(#machine::new(#(#arguments),* #waiting)),
        step.at.span(),
    )
}

fn expand_argument(
    pipeline: &Pipeline<'_>,
    vertex: usize,
    form: Form,
    default: Default,
    setting: Option<&Setting<'_>>,
    wh: &TokenStream,
) -> TokenStream {
    let value = match (setting, default) {
        (Some(Setting::Number(count)), _) => {
            let count = number(*count);
            quote!(#count)
        }
        (Some(Setting::Time(time)), _) => {
            let millis = proc_macro2::Literal::u128_unsuffixed(time.as_millis());
            quote!(#wh::Duration::from_millis(#millis))
        }
        (Some(Setting::Truth(truth)), _) => return quote!(#truth),
        (None, _) if form == Form::Truth => return quote!(false),
        (Some(Setting::Key(key)), _) => return quote!(#key),
        (None, _) if form == Form::Key => return quote!(::core::clone::Clone::clone),
        (Some(Setting::Ports(names)), _) => {
            let ports = names
                .iter()
                .filter_map(|name| pipeline.port_named(vertex, name));
            let mask =
                proc_macro2::Literal::u32_unsuffixed(ports.fold(0, |mask, port| mask | 1 << port));
            quote!(#mask)
        }
        (_, Default::Number(usual)) => {
            let usual = number(usual);
            quote!(#usual)
        }
        _ => return quote!(None),
    };
    match default {
        Default::Nothing => quote!(Some(#value)),
        Default::Required | Default::Number(_) => value,
    }
}

/// How values wait in front of a vertex: as the `buffer` or `latest` before it says.
pub(crate) fn expand_waiting(
    pipeline: &Pipeline<'_>,
    vertex: usize,
    wh: &TokenStream,
) -> TokenStream {
    match waiting_before(pipeline, vertex) {
        Some(step) => match step.settings.get("n") {
            Some(Setting::Number(room)) => {
                let room = number(*room);
                quote!(#wh::Waiting::Hold { room: #room })
            }
            _ => quote!(#wh::Waiting::Latest),
        },
        None => quote!(#wh::Waiting::Hold { room: 0 }),
    }
}

/// The `buffer` or `latest` right before a vertex.
pub(crate) fn waiting_before<'p, 'a>(
    pipeline: &'p Pipeline<'a>,
    vertex: usize,
) -> Option<&'p Step<'a>> {
    let before = pipeline.graph.leading_to(vertex, 0);
    let mut steps = before.filter_map(|edge| pipeline.graph.step(edge.from));
    steps.find(|step| step.operator.machine == Machine::Wait)
}

/// The methods by which the lane asks all steps.
pub(crate) fn expand_asked(pipeline: &Pipeline<'_>) -> TokenStream {
    let machines = machines(pipeline);
    if machines.is_empty() {
        return quote!();
    }
    let give = |verb: &str| {
        let verb = Ident::new(verb, proc_macro2::Span::call_site());
        let steps = machines.iter().map(|(vertex, step)| {
            let (at, name, after) = (number(*vertex), &step.ident, after_method(step, pipeline));
            quote! {
                while let Some((value, ticket)) = lane.#verb(#at, &mut self.steps.#name) {
                    self.#after(lane, value, ticket);
                }
            }
        });
        quote! {
            fn #verb(&mut self, lane: &mut Lane) { #(#steps)* }
        }
    };
    let (due, drain) = (give("due"), give("drain"));
    let names = machines
        .iter()
        .map(|(_, step)| &step.ident)
        .collect::<Vec<_>>();
    let at = machines
        .iter()
        .map(|(vertex, _)| number(*vertex))
        .collect::<Vec<_>>();
    let zips = machines
        .iter()
        .filter(|(vertex, _)| matches!(pipeline.pairing(*vertex), Some(Pairing::ByRecord { .. })));
    let zips: Vec<TokenStream> = zips
        .map(|(vertex, step)| {
            let (at, name) = (number(*vertex), &step.ident);
            quote!(lane.release(#at, &mut self.steps.#name, kin);)
        })
        .collect();
    let release = (!zips.is_empty()).then(|| {
        quote! {
            fn release(&mut self, lane: &mut Lane, kin: wh::Kin) { #(#zips)* }
        }
    });
    quote! {
        #due
        #drain
        #release

        fn forget(&mut self, lane: &mut Lane) {
            #(lane.forget(#at, &mut self.steps.#names);)*
        }

        fn held(&self, each: &mut dyn FnMut(usize, wh::Held)) {
            #(each(#at, wh::Operator::held(&self.steps.#names));)*
        }
    }
}

/// Lets go of what all steps hold.
pub(crate) fn expand_let_go(pipeline: &Pipeline<'_>) -> TokenStream {
    let steps = machines(pipeline).into_iter().map(|(vertex, step)| {
        let (at, name) = (number(vertex), &step.ident);
        quote!(lane.let_go(#at, &mut self.steps.#name);)
    });
    quote!(#(#steps)*)
}
