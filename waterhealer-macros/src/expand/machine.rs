//! The state machines of steps: the struct of them, how each is made, and what the lane asks of all. How values go in and
//! on is in `step`.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::flush::{expand_flush_due, expand_flush_let_go};
use super::hygiene::{after_method, located, method, op_alias, own_name};
use super::spec::number;
use super::types::maker;
use crate::model::Pipeline;
use crate::model::pairing::Pairing;
use crate::model::settings::Setting;
use crate::model::step::Step;
use crate::operator::{Default, Form, Machine};

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

/// Whether it may be given a key. Without one, the value is its own.
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
    let parameters = parameters.filter(|parameter| match parameter.form {
        Form::Flag | Form::Node => false,
        Form::Key => step.settings.has(parameter.name),
        _ => true,
    });
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
    let verb = match has_key(step) && !step.settings.has("key") {
        true => quote!(of_itself),
        false => quote!(new),
    };
    let new = quote!(#machine::#verb(#(#arguments),* #waiting));
    // What the machine asks of the values is told at the operator.
    located(&new, step.at.span())
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
    let turns: Vec<_> = pipeline
        .nodes
        .iter()
        .filter(|node| node.takes_turns())
        .collect();
    let flush_due = expand_flush_due(pipeline);
    let flush_forget = expand_flush_let_go(pipeline, "forget");
    if machines.is_empty() && turns.is_empty() && flush_due.is_empty() {
        return quote!();
    }
    // Those whose calls are made again have waited for their time as well.
    let nexts = turns.iter().map(|node| method("next", node, pipeline));
    let nexts: Vec<Ident> = nexts.collect();
    let give = |verb: &str| {
        if machines.is_empty() && verb != "due" {
            return quote!();
        }
        let verb = Ident::new(verb, proc_macro2::Span::call_site());
        let steps = machines.iter().map(|(vertex, step)| {
            let (at, name, after) = (number(*vertex), &step.ident, after_method(step, pipeline));
            quote! {
                while let Some((value, ticket)) = lane.#verb(#at, &mut self.steps.#name) {
                    self.#after(lane, value, ticket);
                }
            }
        });
        let nexts = nexts.iter().filter(|_| verb == "due");
        let flush_due = flush_due.iter().filter(|_| verb == "due");
        quote! {
            fn #verb(&mut self, lane: &mut Lane) {
                #(#steps)*
                #(self.#nexts(lane);)*
                #(#flush_due)*
            }
        }
    };
    let (due, drain) = (give("due"), give("drain"));
    let forgotten = turns.iter().zip(&nexts).map(|(node, next)| {
        let name = own_name(node);
        quote!(self.gates.#name.forget(lane); self.#next(lane);)
    });
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
    let held = (!machines.is_empty()).then(|| {
        quote! {
            fn held(&self, each: &mut dyn FnMut(usize, wh::Held)) {
                #(each(#at, wh::Operator::held(&self.steps.#names));)*
            }
        }
    });
    quote! {
        #due
        #drain
        #release

        fn forget(&mut self, lane: &mut Lane) {
            #(lane.forget(#at, &mut self.steps.#names);)*
            #(#forgotten)*
            #(#flush_forget)*
        }

        #held
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

/// The steps with a state machine, those before others first.
pub(super) fn machines<'p, 'a>(pipeline: &'p Pipeline<'a>) -> Vec<(usize, &'p Step<'a>)> {
    let steps = pipeline
        .graph
        .vertices()
        .filter(|(_, step)| step.has_state());
    let mut steps: Vec<_> = steps.collect();
    steps.sort_by_key(|(vertex, _)| pipeline.graph.upstream(*vertex).len());
    steps
}
