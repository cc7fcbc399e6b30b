//! The expression after `from`: a node's name, or operators called on names. Which names and operators exist, and what
//! stands in their parentheses, is for `model` and `check`.

use syn::{Expr, Ident};

use super::option::{Value, Written};
use crate::diag::Diagnostics;

/// `order`, or `left.union(right)`.
pub(crate) enum EdgeExpr {
    Node(Ident),
    Operator {
        receiver: Box<EdgeExpr>,
        name: Ident,
        arguments: Vec<Argument>,
    },
}

/// What stands in an operator's parentheses.
pub(crate) enum Argument {
    /// A name, or operators called on names: a node, or a word such as `hold`.
    Edge(EdgeExpr),
    /// `within = "1s"`; the value as an edge, too, where it is one.
    Option {
        name: Ident,
        value: Expr,
        edge: Option<EdgeExpr>,
    },
    /// A number, a text, a list.
    Value(Expr),
}

/// `from = left.union(right)`.
pub(crate) fn parse_edge(written: &Written, diag: &Diagnostics) -> Option<EdgeExpr> {
    let edge = match &written.value {
        Value::Is(tokens) => syn::parse2::<Expr>(tokens.clone()).ok().and_then(edge_of),
        _ => None,
    };
    if edge.is_none() {
        let wanted = "the name of a node, or nodes put together";
        written.refuse(diag, wanted, "from = order` or `from = left.union(right)");
    }
    edge
}

fn edge_of(expression: Expr) -> Option<EdgeExpr> {
    match expression {
        Expr::Path(path) => path.path.get_ident().cloned().map(EdgeExpr::Node),
        Expr::Paren(paren) => edge_of(*paren.expr),
        Expr::Group(group) => edge_of(*group.expr),
        Expr::MethodCall(call) => Some(EdgeExpr::Operator {
            receiver: Box::new(edge_of(*call.receiver)?),
            name: call.method,
            arguments: call.args.into_iter().map(argument_of).collect(),
        }),
        _ => None,
    }
}

fn argument_of(expression: Expr) -> Argument {
    let expression = ungrouped(expression);
    if let Expr::Assign(assign) = &expression
        && let Expr::Path(path) = &*assign.left
        && let Some(name) = path.path.get_ident()
    {
        return Argument::Option {
            name: name.clone(),
            value: ungrouped((*assign.right).clone()),
            edge: edge_of((*assign.right).clone()),
        };
    }
    match edge_of(expression.clone()) {
        Some(edge) => Argument::Edge(edge),
        None => Argument::Value(expression),
    }
}

/// What `macro_rules` has put in place of `$n`, without the brackets that nobody sees.
fn ungrouped(expression: Expr) -> Expr {
    match expression {
        Expr::Group(group) => ungrouped(*group.expr),
        other => other,
    }
}

impl EdgeExpr {
    /// As it is written, without what stands in parentheses.
    pub(crate) fn text(&self) -> String {
        match self {
            EdgeExpr::Node(name) => name.to_string(),
            EdgeExpr::Operator { receiver, name, .. } => format!("{}.{name}(…)", receiver.text()),
        }
    }

    /// The first name in it: what stands before all dots.
    pub(crate) fn head(&self) -> &Ident {
        match self {
            EdgeExpr::Node(name) => name,
            EdgeExpr::Operator { receiver, .. } => receiver.head(),
        }
    }
}

impl Argument {
    /// The word, where it is a single one.
    pub(crate) fn word(&self) -> Option<&Ident> {
        match self {
            Argument::Edge(EdgeExpr::Node(word)) => Some(word),
            _ => None,
        }
    }
}
