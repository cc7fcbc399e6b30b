//! How the inputs of a `zip` pair: branches of one stream by record, streams of different sources by arrival. And where
//! values need a name of their own for that, because several are made of one record.

use std::collections::HashMap;

use super::graph::Graph;
use super::node::Node;
use crate::operator::{Cardinality, Machine};

/// How the inputs of a zip belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pairing {
    /// All are branches of what this vertex gives, one value of each for one of its values.
    ByRecord { fork: usize },
    /// They have no source in common.
    ByArrival,
    /// They are branches of what `fork` gives, but `culprit` does not give one value for one.
    Multiplied { fork: usize, culprit: usize },
    /// One way leads twice to the same input.
    Doubled { fork: usize },
    /// They have a source in common, but some values reach only one of them.
    Mixed,
}

/// What is known of all zips of a graph. Every edge of the expansion asks for it, so it is worked out once.
pub(crate) struct Pairings {
    /// By the number of the step.
    zips: Vec<Known>,
    forks: Vec<usize>,
}

/// How one step pairs, if it is a zip, as far as it is worked out.
#[derive(Clone, Copy)]
enum Known {
    NotYet,
    Pairs(Option<Pairing>),
}

/// Works out how the zips of a graph pair.
pub(crate) fn lower_pairings(graph: &Graph<'_>, nodes: &[Node<'_>]) -> Pairings {
    let mut pairings = Pairings {
        zips: vec![Known::NotYet; graph.steps.len()],
        forks: Vec::new(),
    };
    for (vertex, _) in graph.vertices() {
        if let Some(Pairing::ByRecord { fork }) = pairings.work_out(graph, nodes, vertex)
            && !pairings.forks.contains(&fork)
            && several_of_one_record(graph, nodes, fork)
        {
            pairings.forks.push(fork);
        }
    }
    pairings
}

impl Pairings {
    /// How the inputs of a step pair; `None` for one that is no zip of several, and in a graph that goes round.
    pub(crate) fn of(&self, step: usize) -> Option<Pairing> {
        match self.zips.get(step)? {
            Known::NotYet => None,
            Known::Pairs(pairing) => *pairing,
        }
    }

    /// The vertices at which each value gets a name of its own: forks of zips by record where one record may have become
    /// several values before.
    pub(crate) fn forks(&self) -> &[usize] {
        &self.forks
    }

    /// Zips between a zip and its fork come first, so each is looked at once.
    fn work_out(
        &mut self,
        graph: &Graph<'_>,
        nodes: &[Node<'_>],
        vertex: usize,
    ) -> Option<Pairing> {
        let step = graph.step_number(vertex)?;
        if let Some(Known::Pairs(pairing)) = self.zips.get(step) {
            return *pairing;
        }
        let nested = |inner| self.work_out(graph, nodes, inner);
        let pairing = pairing(graph, nodes, vertex, nested);
        self.zips[step] = Known::Pairs(pairing);
        pairing
    }
}

/// How a zip's inputs pair, when `nested` says it of the zips before.
fn pairing(
    graph: &Graph<'_>,
    nodes: &[Node<'_>],
    zip: usize,
    mut nested: impl FnMut(usize) -> Option<Pairing>,
) -> Option<Pairing> {
    let step = graph.step(zip)?;
    let inputs = step.inputs();
    if step.operator.machine != Machine::Joint("Zip") || inputs < 2 || goes_round(graph, zip) {
        return None;
    }
    let Some(fork) = fork_of(graph, nodes, zip) else {
        let sources: Vec<Vec<usize>> = (0..inputs)
            .map(|port| sources(graph, nodes, zip, port))
            .collect();
        let apart = sources.iter().enumerate().all(|(index, some)| {
            let others = &sources[index + 1..];
            some.iter()
                .all(|source| !others.iter().any(|other| other.contains(source)))
        });
        return Some(if apart {
            Pairing::ByArrival
        } else {
            Pairing::Mixed
        });
    };
    let between = between(graph, fork, zip);
    let culprit = between.into_iter().find(|vertex| {
        !matches!(
            cardinality(graph, nodes, *vertex),
            Some(Cardinality::One | Cardinality::Subset)
        ) && !matches!(nested(*vertex), Some(Pairing::ByRecord { .. }))
    });
    if let Some(culprit) = culprit {
        return Some(Pairing::Multiplied { fork, culprit });
    }
    let doubled = (0..inputs).any(|port| {
        let edges = graph.leading_to(zip, port);
        edges.fold(0, |sum: usize, edge| {
            sum.saturating_add(ways(graph, fork, edge.from))
        }) > 1
    });
    Some(match doubled {
        true => Pairing::Doubled { fork },
        false => Pairing::ByRecord { fork },
    })
}

fn several_of_one_record(graph: &Graph<'_>, nodes: &[Node<'_>], fork: usize) -> bool {
    let upstream = graph.upstream(fork);
    upstream.iter().any(|vertex| {
        let many = cardinality(graph, nodes, *vertex) == Some(Cardinality::Many);
        let source = nodes.get(*vertex).is_some_and(|node| node.kind.is_source());
        many || source && ways(graph, *vertex, fork) > 1
    })
}

/// How many values a vertex gives for one; `None` for what has no input or no output.
fn cardinality(graph: &Graph<'_>, nodes: &[Node<'_>], vertex: usize) -> Option<Cardinality> {
    match graph.step(vertex) {
        Some(step) => Some(step.cardinality()),
        None => nodes.get(vertex)?.kind.cardinality(),
    }
}

/// The nearest vertex through which everything goes that reaches the zip.
fn fork_of(graph: &Graph<'_>, nodes: &[Node<'_>], zip: usize) -> Option<usize> {
    let upstream = graph.upstream(zip);
    let sources: Vec<usize> = upstream
        .iter()
        .copied()
        .filter(|vertex| nodes.get(*vertex).is_some_and(|node| node.kind.is_source()))
        .collect();
    let candidates = upstream.iter().copied().filter(|vertex| *vertex != zip);
    let all_through = candidates.filter(|gate| {
        let around = sources.iter().filter(|source| *source != gate);
        !sources.is_empty()
            && !around
                .into_iter()
                .any(|source| reaches(graph, *source, zip, *gate))
    });
    // The nearest has the others before it.
    all_through.max_by_key(|vertex| graph.upstream(*vertex).len())
}

/// Whether a way leads from one vertex to another that does not go through `without`.
fn reaches(graph: &Graph<'_>, from: usize, to: usize, without: usize) -> bool {
    let mut reached = vec![from];
    let mut next = 0;
    while let Some(&here) = reached.get(next) {
        next += 1;
        for edge in graph.out_of(here) {
            if edge.to == to {
                return true;
            }
            if edge.to != without && !reached.contains(&edge.to) {
                reached.push(edge.to);
            }
        }
    }
    false
}

/// The vertices on ways from `from` to `to`, without these two.
fn between(graph: &Graph<'_>, from: usize, to: usize) -> Vec<usize> {
    let upstream = graph.upstream(to).into_iter();
    let inner = upstream.filter(|vertex| *vertex != from && *vertex != to);
    inner
        .filter(|vertex| graph.upstream(*vertex).contains(&from))
        .collect()
}

/// How many ways lead from one vertex to another; one to itself.
fn ways(graph: &Graph<'_>, from: usize, to: usize) -> usize {
    count_ways(graph, to, &mut HashMap::from([(from, 1)]))
}

/// `counted` has what is known. Diamonds behind one another double the ways, so none may be walked twice.
fn count_ways(graph: &Graph<'_>, to: usize, counted: &mut HashMap<usize, usize>) -> usize {
    if let Some(&known) = counted.get(&to) {
        return known;
    }
    let incoming = graph.edges.iter().filter(|edge| edge.to == to);
    let count = incoming.fold(0usize, |sum, edge| {
        sum.saturating_add(count_ways(graph, edge.from, counted))
    });
    counted.insert(to, count);
    count
}

fn sources(graph: &Graph<'_>, nodes: &[Node<'_>], zip: usize, port: usize) -> Vec<usize> {
    let feeding = graph
        .leading_to(zip, port)
        .flat_map(|edge| graph.upstream(edge.from));
    feeding
        .filter(|vertex| nodes.get(*vertex).is_some_and(|node| node.kind.is_source()))
        .collect()
}

fn goes_round(graph: &Graph<'_>, vertex: usize) -> bool {
    graph
        .upstream(vertex)
        .into_iter()
        .any(|before| graph.circle(before).is_some())
}
