//! A step: an operator where it stands in some node's `from`. It is a vertex of the graph like a node.

use proc_macro2::Span;
use quote::{ToTokens, format_ident};
use syn::Ident;

use super::settings::{Setting, Settings, Slot, lower_settings};
use super::text::text;
use crate::operator::{self, Cardinality, Gives, Machine, Operator};
use crate::parse::edge::Argument;

/// One operator of one `from`.
pub(crate) struct Step<'a> {
    pub(crate) operator: &'static Operator,
    /// The operator's name as it is written: where the caret goes.
    pub(crate) at: &'a Ident,
    /// The node in whose attribute it stands.
    pub(crate) owner: usize,
    /// The name of its method and its field: `summarise_partition`.
    pub(crate) ident: Ident,
    /// As it is written: `partition(5, within = "1s")`.
    pub(crate) label: String,
    pub(crate) settings: Settings<'a>,
}

pub(crate) fn lower_step<'a>(
    operator: &'static Operator,
    at: &'a Ident,
    arguments: &'a [Argument],
    owner: usize,
) -> Step<'a> {
    let written = arguments.iter().map(written).collect::<Vec<_>>().join(", ");
    Step {
        operator,
        at,
        owner,
        ident: Ident::new("_", Span::call_site()),
        label: format!("{at}({written})"),
        settings: lower_settings(operator, at, arguments),
    }
}

/// The step of a source that reads in batches: a `partition` behind it.
pub(crate) fn lower_batched<'a>(
    name: &'a Ident,
    owner: usize,
    size: usize,
    within: Option<(std::time::Duration, String)>,
) -> Option<Step<'a>> {
    let mut values = vec![("n", Setting::Number(size))];
    let mut label = format!("partition({size}");
    if let Some((time, text)) = within {
        values.push(("within", Setting::Time(time)));
        label.push_str(&format!(", within = \"{text}\""));
    }
    label.push(')');
    Some(Step {
        operator: operator::find("partition")?,
        at: name,
        owner,
        ident: Ident::new("_", Span::call_site()),
        label,
        settings: Settings::of(values),
    })
}

impl Step<'_> {
    /// Names the step after the node it stands before; a second one of its kind gets a number.
    pub(crate) fn name_after(&mut self, node: &Ident, taken: &[Ident]) {
        let base = format_ident!("{node}_{}", self.operator.name, span = Span::call_site());
        let mut name = base.clone();
        let mut number = 1;
        while taken.contains(&name) {
            number += 1;
            name = format_ident!("{base}{number}");
        }
        self.ident = name;
    }

    /// How many inputs it has.
    pub(crate) fn inputs(&self) -> usize {
        let nodes = self.settings.slots.iter();
        let nodes = nodes.filter(|slot| matches!(slot, Slot::Node(_))).count();
        match self.operator.machine {
            Machine::Joint(_) => 1 + nodes,
            _ => 1 + usize::from(self.settings.node.is_some()),
        }
    }

    pub(crate) fn cardinality(&self) -> Cardinality {
        match (self.operator.machine, self.inputs()) {
            // Texts and numbers alone are no partners.
            (Machine::Joint(_), 1) => Cardinality::One,
            _ => self.operator.cardinality,
        }
    }

    /// Whether a value of it is one that came in, or made of the ones that came in.
    pub(crate) fn gives(&self) -> Gives {
        self.operator.gives
    }

    /// Whether generated code has a method for it; other steps only say how values wait, or that they go straight on.
    pub(crate) fn is_called(&self) -> bool {
        !matches!(
            self.operator.machine,
            Machine::Straight | Machine::Wait | Machine::Mark
        )
    }

    /// Whether it has a state machine; a zip with texts and numbers alone needs none.
    pub(crate) fn has_state(&self) -> bool {
        match self.operator.machine {
            Machine::State(_) => true,
            Machine::Joint(_) => self.inputs() > 1,
            _ => false,
        }
    }
}

fn written(argument: &Argument) -> String {
    match argument {
        Argument::Edge(edge) => edge.text(),
        Argument::Option { name, value, .. } => {
            format!("{name} = {}", text(value.to_token_stream()))
        }
        Argument::Value(value) => text(value.to_token_stream()),
    }
}
