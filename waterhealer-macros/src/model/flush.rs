//! The function that writes what a sink has buffered: `#[sink(flush = write_out)]`.

use syn::{Ident, Signature};

use super::answer::{Opaque, lower_answer};
use super::input::{ResourceUse, lower_lent};
use crate::parse::function::NodeFn;
use crate::parse::module::Module;

/// A flush: a function of the module that is no node.
pub(crate) struct Flush {
    /// As it is written after `flush`.
    pub(crate) name: Ident,
    pub(crate) signature: Signature,
    pub(crate) asynchronous: bool,
    /// Its parameters: all of them are shared.
    pub(crate) resources: Vec<ResourceUse>,
}

/// `None` where there is none, or no such function.
pub(crate) fn lower_flush(written: &NodeFn, module: &Module) -> Option<Flush> {
    let name = written.options.flush.value()?;
    let signature = module.function(name)?;
    let answer = lower_answer(&signature.output, false);
    Some(Flush {
        name: name.clone(),
        asynchronous: signature.asyncness.is_some() || answer.opaque == Opaque::Future,
        resources: lower_lent(&signature, 0),
        signature,
    })
}
