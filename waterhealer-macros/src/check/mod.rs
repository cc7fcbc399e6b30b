//! The rules, one `check_*` function each, opening with its reason. They report and change nothing; after them the
//! generation of code cannot fail.

mod answer;
mod delivery;
mod detached;
mod edge;
mod failure;
mod letter;
mod name;
mod operator;
mod options;
mod parameter;
mod reach;
mod resource;
mod signature;
mod state;
mod task_set;

use crate::diag::Diagnostics;
use crate::model::Pipeline;
use crate::model::kind::Kind;

/// All rules. Each finding is reported once: where one mistake makes another certain, only the first is told.
pub(crate) fn check_pipeline(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    name::check_names(pipeline, diag);
    edge::check_edges(pipeline, diag);
    reach::check_reach(pipeline, diag);
    operator::check_steps(pipeline, diag);
    state::check_states(pipeline, diag);
    resource::check_resources(pipeline, diag);
    options::check_topics(pipeline, diag);
    failure::check_handled(pipeline, diag);
    delivery::check_delivery(pipeline, diag);
    letter::check_letters(pipeline, diag);
    let clear = pipeline.nodes.iter().filter(|node| !node.written.ambiguous);
    for node in clear {
        options::check_options(node, diag);
        letter::check_breaker(node, diag);
        signature::check_signature(node, diag);
        // What stands beside the graph has a shape of its own; an `#[accumulate]` that has none is told so.
        if node.kind != Kind::Healed && !state::is_ill_formed(node) {
            parameter::check_parameter(node, diag);
            answer::check_answer(node, diag);
        }
        detached::check_detached(node, diag);
    }
}
