//! The expression after `from`: a node's name, or operators called on names. Which names and operators exist is for `check`.

use proc_macro2::TokenStream;
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
    Edge(EdgeExpr),
    /// A number, a text, `within = "1s"`: for operators that this version has not.
    Other(TokenStream),
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
    let tokens = quote::ToTokens::to_token_stream(&expression);
    match edge_of(expression) {
        Some(edge) => Argument::Edge(edge),
        None => Argument::Other(tokens),
    }
}

impl EdgeExpr {
    /// The names of all nodes in it, in the order they are written.
    pub(crate) fn nodes(&self) -> Vec<&Ident> {
        match self {
            EdgeExpr::Node(name) => vec![name],
            EdgeExpr::Operator {
                receiver,
                arguments,
                ..
            } => {
                let inner = arguments.iter().filter_map(|argument| match argument {
                    Argument::Edge(edge) => Some(edge.nodes()),
                    Argument::Other(_) => None,
                });
                receiver
                    .nodes()
                    .into_iter()
                    .chain(inner.flatten())
                    .collect()
            }
        }
    }
}
