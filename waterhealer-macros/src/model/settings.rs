//! What stands in an operator's parentheses, read by its row of the table. Reading is lenient: what is wrong is kept, for
//! `check` to tell.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Expr, ExprLit, Ident, Lit, Member, UnOp};

use crate::message::{Message, attribute as message};
use crate::operator::{Default, Form, Inputs, Machine, Operator, Parameter};
use crate::parse::edge::{Argument, EdgeExpr};
use crate::parse::value::duration_of;
use crate::suggest;

/// How many inputs a join has at most: there are tuples of so many.
const MOST_INPUTS: usize = 6;

/// What was given in the parentheses.
pub(crate) struct Settings<'a> {
    values: Vec<(&'static str, Setting<'a>)>,
    /// The further inputs and what is put between them, in order. The node before the dot is not among them.
    pub(crate) slots: Vec<Slot<'a>>,
    /// The node of a parameter that is one.
    pub(crate) node: Option<&'a EdgeExpr>,
    pub(crate) problems: Vec<Problem>,
}

/// One value.
pub(crate) enum Setting<'a> {
    Number(usize),
    Time(Duration),
    Truth(bool),
    Flag,
    Key(Box<Expr>),
    /// Fields; in brackets they become a tuple.
    Fields {
        members: Vec<Member>,
        tuple: bool,
    },
    Ports(Vec<&'a Ident>),
}

/// One place of the tuple that a join gives.
pub(crate) enum Slot<'a> {
    Node(&'a EdgeExpr),
    Literal(&'a Expr),
}

/// A mistake in the parentheses.
pub(crate) struct Problem {
    pub(crate) message: &'static Message,
    pub(crate) caret: TokenStream,
    pub(crate) words: Vec<(&'static str, String)>,
}

impl<'a> Settings<'a> {
    pub(crate) fn none() -> Self {
        Settings {
            values: Vec::new(),
            slots: Vec::new(),
            node: None,
            problems: Vec::new(),
        }
    }

    /// Settings that were not written in parentheses.
    pub(crate) fn of(values: Vec<(&'static str, Setting<'a>)>) -> Self {
        Settings {
            values,
            ..Settings::none()
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Setting<'a>> {
        let found = self.values.iter().find(|(given, _)| *given == name);
        found.map(|(_, setting)| setting)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some() || name == "flush" && self.node.is_some()
    }
}

/// Reads the parentheses of an operator.
pub(crate) fn lower_settings<'a>(
    operator: &'static Operator,
    at: &Ident,
    arguments: &'a [Argument],
) -> Settings<'a> {
    let mut reader = Reader {
        operator,
        places: operator
            .parameters
            .iter()
            .filter(|parameter| parameter.form != Form::Flag)
            .collect(),
        settings: Settings::none(),
    };
    for argument in arguments {
        reader.read(argument);
    }
    reader.check_complete(at);
    reader.settings
}

struct Reader<'a> {
    operator: &'static Operator,
    /// Parameters that still have no value, in the order of their places.
    places: Vec<&'static Parameter>,
    settings: Settings<'a>,
}

impl<'a> Reader<'a> {
    fn read(&mut self, argument: &'a Argument) {
        let flag = argument.word().and_then(|word| {
            let flags = self.operator.parameters.iter();
            let mut flags = flags.filter(|parameter| parameter.form == Form::Flag);
            flags.find(|parameter| word == parameter.name)
        });
        if let (Some(flag), Some(word)) = (flag, argument.word()) {
            if self.settings.has(flag.name) {
                return self.refuse_twice(word);
            }
            return self.settings.values.push((flag.name, Setting::Flag));
        }
        match argument {
            Argument::Option { name, value, edge } => {
                self.read_option(name, value, edge.as_ref());
            }
            Argument::Edge(edge) if self.operator.inputs != Inputs::One => {
                self.settings.slots.push(Slot::Node(edge));
            }
            Argument::Value(value)
                if self.operator.inputs == Inputs::SeveralAndLiterals && is_literal(value) =>
            {
                self.settings.slots.push(Slot::Literal(value));
            }
            Argument::Edge(edge) => self.read_edge(edge, argument),
            Argument::Value(value) => match self.next_place() {
                Some(place) => self.read_value(place, value),
                None => self.refuse(value.to_token_stream(), &self.wanted()),
            },
        }
    }

    /// A name where no further node belongs: a field, or the node of a parameter.
    fn read_edge(&mut self, edge: &'a EdgeExpr, argument: &'a Argument) {
        let caret = edge.head().to_token_stream();
        match (self.next_place(), argument.word()) {
            (Some(place), _) if place.form == Form::Node => self.settings.node = Some(edge),
            (Some(place), Some(word)) if place.form == Form::Fields => {
                let members = vec![Member::Named(word.clone())];
                let fields = Setting::Fields {
                    members,
                    tuple: false,
                };
                self.settings.values.push((place.name, fields));
            }
            (Some(place), Some(word)) if place.form == Form::Key => {
                let key = Setting::Key(Box::new(syn::parse_quote!(#word)));
                self.settings.values.push((place.name, key));
            }
            (Some(place), _) => self.refuse_value(place, caret),
            (None, _) => self.refuse(caret, &self.wanted()),
        }
    }

    fn read_option(&mut self, name: &'a Ident, value: &'a Expr, edge: Option<&'a EdgeExpr>) {
        let place = self.places.iter().position(|place| name == place.name);
        if let Some(index) = place {
            let place = self.places.remove(index);
            return match edge.filter(|_| place.form == Form::Node) {
                Some(edge) => self.settings.node = Some(edge),
                None => self.read_value(place, value),
            };
        }
        let known = self.operator.parameters.iter();
        let names = || known.clone().map(|parameter| parameter.name);
        let flag = known
            .clone()
            .find(|flag| flag.form == Form::Flag && name == flag.name);
        if let Some(flag) = flag {
            let wanted = format!("`{}` without a value", flag.name);
            return self.refuse(value.to_token_stream(), &wanted);
        }
        if names().any(|known| name == known) {
            return self.refuse_twice(name);
        }
        let instead = match suggest::nearest(&name.to_string(), names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if self.operator.parameters.is_empty() => "it has none".to_owned(),
            None => format!("it has {}", suggest::listed(names())),
        };
        self.settings.problems.push(Problem {
            message: &message::OPERATOR_OPTION,
            caret: name.to_token_stream(),
            words: vec![
                ("operator", self.operator.name.to_owned()),
                ("option", name.to_string()),
                ("instead", instead),
            ],
        });
    }

    fn refuse_twice(&mut self, name: &Ident) {
        self.settings.problems.push(Problem {
            message: &message::GIVEN_TWICE,
            caret: name.to_token_stream(),
            words: vec![("option", name.to_string())],
        });
    }

    fn next_place(&mut self) -> Option<&'static Parameter> {
        (!self.places.is_empty()).then(|| self.places.remove(0))
    }

    fn read_value(&mut self, place: &'static Parameter, value: &'a Expr) {
        match setting_of(place.form, value) {
            Some(setting) => self.settings.values.push((place.name, setting)),
            None => self.refuse_value(place, value.to_token_stream()),
        }
    }

    fn check_complete(&mut self, at: &Ident) {
        let missing = self
            .places
            .iter()
            .find(|place| place.default == Default::Required);
        let refused = !self.settings.problems.is_empty();
        let alone = self.operator.inputs != Inputs::One && self.settings.slots.is_empty();
        let mut nodes = self.settings.slots.iter().filter_map(|slot| match slot {
            Slot::Node(edge) => Some(edge.head()),
            Slot::Literal(_) => None,
        });
        let one_more = match self.operator.machine {
            // The node before the dot is the first.
            Machine::Joint(_) => nodes.nth(MOST_INPUTS - 1).cloned(),
            _ => None,
        };
        if let Some(place) = missing.filter(|_| !refused) {
            let wanted = format!("`{}`: {}", place.name, place.wanted());
            self.refuse(at.to_token_stream(), &wanted);
        } else if alone && !refused {
            self.refuse(at.to_token_stream(), &self.wanted());
        } else if let Some(name) = one_more {
            let wanted =
                format!("at most {MOST_INPUTS} inputs, the node before the dot among them");
            self.refuse(name.to_token_stream(), &wanted);
        }
    }

    fn refuse_value(&mut self, place: &Parameter, caret: TokenStream) {
        let wanted = format!("`{}`: {}", place.name, place.wanted());
        self.refuse(caret, &wanted);
    }

    fn refuse(&mut self, caret: TokenStream, wanted: &str) {
        self.settings.problems.push(Problem {
            message: &message::OPERATOR_ARGUMENTS,
            caret,
            words: vec![
                ("operator", self.operator.name.to_owned()),
                ("wanted", wanted.to_owned()),
                ("example", self.operator.example.to_owned()),
            ],
        });
    }

    /// Everything that may stand in the parentheses.
    fn wanted(&self) -> String {
        let nodes = match self.operator.inputs {
            Inputs::One => None,
            Inputs::Union | Inputs::Several => {
                Some("the names of one or more other nodes".to_owned())
            }
            Inputs::SeveralAndLiterals => {
                Some("the names of one or more other nodes, and texts and numbers".to_owned())
            }
        };
        let parameters = self.operator.parameters.iter();
        let parameters = parameters.map(|place| format!("`{}`", place.written()));
        let all: Vec<String> = nodes.into_iter().chain(parameters).collect();
        match all.as_slice() {
            [] => "nothing".to_owned(),
            all => all.join(", "),
        }
    }
}

fn setting_of<'a>(form: Form, value: &'a Expr) -> Option<Setting<'a>> {
    match (form, value) {
        (
            Form::Count | Form::Number,
            Expr::Lit(ExprLit {
                lit: Lit::Int(number),
                ..
            }),
        ) => {
            let number = number.base10_parse::<u32>().ok()?;
            let number = usize::try_from(number).ok()?;
            (number > 0 || form == Form::Number).then_some(Setting::Number(number))
        }
        (
            Form::Time,
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }),
        ) => duration_of(&text.value()).map(Setting::Time),
        (
            Form::Truth,
            Expr::Lit(ExprLit {
                lit: Lit::Bool(truth),
                ..
            }),
        ) => Some(Setting::Truth(truth.value)),
        (Form::Key, Expr::Closure(_) | Expr::Path(_)) => {
            Some(Setting::Key(Box::new(value.clone())))
        }
        (Form::Fields, Expr::Array(list)) if !list.elems.is_empty() => Some(Setting::Fields {
            members: list.elems.iter().map(member_of).collect::<Option<_>>()?,
            tuple: true,
        }),
        (Form::Fields, _) => Some(Setting::Fields {
            members: vec![member_of(value)?],
            tuple: false,
        }),
        (Form::Ports, Expr::Array(list)) if !list.elems.is_empty() => {
            let names = list.elems.iter().map(name_of).collect::<Option<_>>()?;
            Some(Setting::Ports(names))
        }
        (Form::Ports, _) => Some(Setting::Ports(vec![name_of(value)?])),
        _ => None,
    }
}

/// `total` or `0`.
fn member_of(value: &Expr) -> Option<Member> {
    match value {
        Expr::Lit(ExprLit {
            lit: Lit::Int(number),
            ..
        }) => {
            let index = number
                .base10_parse()
                .ok()
                .filter(|_| number.suffix().is_empty())?;
            Some(Member::Unnamed(syn::Index {
                index,
                span: number.span(),
            }))
        }
        other => name_of(other).cloned().map(Member::Named),
    }
}

fn name_of(value: &Expr) -> Option<&Ident> {
    match value {
        Expr::Path(path) => path.path.get_ident(),
        _ => None,
    }
}

/// A text, a number, a truth, or such a number below zero.
fn is_literal(value: &Expr) -> bool {
    match value {
        Expr::Lit(_) => true,
        Expr::Unary(unary) => matches!((&unary.op, &*unary.expr), (UnOp::Neg(_), Expr::Lit(_))),
        _ => false,
    }
}
