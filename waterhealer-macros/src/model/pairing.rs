//! How the inputs of a `zip` pair: branches of one stream by record, streams of different sources by arrival. And where
//! values need a name of their own for that, because several are made of one record.

use super::graph::Graph;
use super::node::Node;
use crate::operator::{Cardinality, Machine};

/// How the inputs of a zip belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pairing {
    /// All are branches of what the fork gives, one value of each for one of its values.
    ByRecord { fork: Fork },
    /// They have no source in common.
    ByArrival,
    /// They are branches of what the fork gives, but `culprit` does not give one value for one.
    Multiplied { fork: Fork, culprit: usize },
    /// More than one way leads from the fork to the same input.
    Doubled { fork: Fork },
    /// They have a source in common, and another that only some of them have.
    Mixed,
}

/// Where the branches of a zip part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fork {
    /// At one vertex, through which everything goes.
    At(usize),
    /// At several sources, each of which leads to every input.
    Sources,
}

/// How every zip of the graph pairs.
pub(crate) struct Pairings {
    of: Vec<(usize, Pairing)>,
    /// The vertices at which each value gets a name of its own.
    pub(crate) forks: Vec<usize>,
}

/// Tells all zips of several inputs, those before others first. One in a graph that goes round is left out.
pub(crate) fn lower_pairings(graph: &Graph<'_>, nodes: &[Node<'_>]) -> Pairings {
    let steps = graph.vertices();
    let zips = steps.filter(|(_, step)| step.operator.machine == Machine::Joint("Zip"));
    let zips = zips.filter(|(vertex, step)| step.inputs() > 1 && !goes_round(graph, *vertex));
    let mut zips: Vec<(usize, usize)> = zips
        .map(|(vertex, _)| (graph.upstream(vertex).len(), vertex))
        .collect();
    zips.sort_unstable();
    let mut finder = Finder {
        graph,
        nodes,
        found: Vec::new(),
    };
    for (_, zip) in zips {
        let pairing = finder.pairing(zip);
        finder.found.push((zip, pairing));
    }
    let forks = finder.named();
    Pairings {
        of: finder.found,
        forks,
    }
}

impl Pairings {
    /// How a zip's inputs pair; `None` for what is no zip of several.
    pub(crate) fn of(&self, zip: usize) -> Option<Pairing> {
        let found = self.of.iter().find(|(vertex, _)| *vertex == zip);
        found.map(|(_, pairing)| *pairing)
    }
}

impl Pairing {
    /// Whether the values of its inputs do not belong together, one to one.
    pub(crate) fn is_refused(self) -> bool {
        !matches!(self, Pairing::ByRecord { .. } | Pairing::ByArrival)
    }
}

struct Finder<'g, 'a> {
    graph: &'g Graph<'a>,
    nodes: &'g [Node<'a>],
    /// The zips that are told already: for each, those before it are.
    found: Vec<(usize, Pairing)>,
}

impl Finder<'_, '_> {
    fn pairing(&self, zip: usize) -> Pairing {
        let fork = match self.fork_of(zip) {
            Some(fork) => fork,
            None => {
                let inputs = self.graph.step(zip).map_or(0, |step| step.inputs());
                let sources: Vec<Vec<usize>> =
                    (0..inputs).map(|port| self.sources(zip, port)).collect();
                match shared(&sources) {
                    Shared::None => return Pairing::ByArrival,
                    Shared::Some => return Pairing::Mixed,
                    Shared::All => Fork::Sources,
                }
            }
        };
        let culprit = self.between(fork, zip).into_iter().find(|vertex| {
            let many = self.cardinality(*vertex).is_some_and(|cardinality| {
                !matches!(cardinality, Cardinality::One | Cardinality::Subset)
            });
            many && !self.is_by_record(*vertex)
        });
        match culprit {
            Some(culprit) => Pairing::Multiplied { fork, culprit },
            None if self.is_doubled(fork, zip) => Pairing::Doubled { fork },
            None => Pairing::ByRecord { fork },
        }
    }

    fn is_by_record(&self, vertex: usize) -> bool {
        let mut found = self.found.iter();
        found.any(|(zip, pairing)| *zip == vertex && matches!(pairing, Pairing::ByRecord { .. }))
    }

    /// Forks of zips by record to which several values of one record may come. One that lies on the way from another such fork
    /// to its zip is left as it is: at most one value of each name comes there, and it is by that name that the zip pairs.
    fn named(&self) -> Vec<usize> {
        let by_record = self
            .found
            .iter()
            .filter_map(|(zip, pairing)| match pairing {
                Pairing::ByRecord { fork } => Some((*zip, *fork)),
                _ => None,
            });
        let all: Vec<(Fork, Vec<usize>)> = by_record
            .map(|(zip, fork)| (fork, self.between(fork, zip)))
            .collect();
        let mut named: Vec<usize> = Vec::new();
        for (fork, _) in &all {
            let Fork::At(vertex) = *fork else {
                continue;
            };
            let inner = all.iter().any(|(_, between)| between.contains(&vertex));
            if !inner && !named.contains(&vertex) && self.several_of_one_record(vertex) {
                named.push(vertex);
            }
        }
        named
    }

    fn several_of_one_record(&self, fork: usize) -> bool {
        let upstream = self.graph.upstream(fork);
        upstream.iter().any(|vertex| {
            let many = self.cardinality(*vertex) == Some(Cardinality::Many);
            many || self.is_source(*vertex) && self.ways(&[*vertex], fork, None) > 1
        })
    }

    /// How many values a vertex gives for one; `None` for what has no input or no output.
    fn cardinality(&self, vertex: usize) -> Option<Cardinality> {
        match self.graph.step(vertex) {
            Some(step) => Some(step.cardinality()),
            None => self.nodes.get(vertex)?.kind.cardinality(),
        }
    }

    fn is_source(&self, vertex: usize) -> bool {
        let node = self.nodes.get(vertex);
        node.is_some_and(|node| node.kind.is_source())
    }

    /// The nearest vertex through which everything goes that reaches the zip.
    fn fork_of(&self, zip: usize) -> Option<Fork> {
        let upstream = self.graph.upstream(zip);
        let sources: Vec<usize> = upstream
            .iter()
            .copied()
            .filter(|vertex| self.is_source(*vertex))
            .collect();
        let candidates = upstream.iter().copied().filter(|vertex| *vertex != zip);
        let all_through = candidates.filter(|gate| {
            let mut around = sources.iter().filter(|source| *source != gate);
            !sources.is_empty() && !around.any(|source| self.reaches(*source, zip, *gate))
        });
        // The nearest has the others before it.
        let nearest = all_through.max_by_key(|vertex| self.graph.upstream(*vertex).len());
        nearest.map(Fork::At)
    }

    /// Whether a way leads from one vertex to another that does not go through `without`.
    fn reaches(&self, from: usize, to: usize, without: usize) -> bool {
        let mut reached = vec![from];
        let mut next = 0;
        while let Some(&here) = reached.get(next) {
            next += 1;
            for edge in self.graph.out_of(here) {
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

    /// The vertices on ways from the fork to a zip, without these two.
    fn between(&self, fork: Fork, zip: usize) -> Vec<usize> {
        let starts = self.starts(fork, zip);
        let upstream = self.graph.upstream(zip).into_iter();
        let inner = upstream.filter(|vertex| *vertex != zip && !starts.contains(vertex));
        inner
            .filter(|vertex| {
                let before = self.graph.upstream(*vertex);
                starts.iter().any(|start| before.contains(start))
            })
            .collect()
    }

    /// Where values that a zip pairs start. Of a source that reads in batches it is the step behind it.
    fn starts(&self, fork: Fork, zip: usize) -> Vec<usize> {
        match fork {
            Fork::At(vertex) => vec![vertex],
            Fork::Sources => {
                let upstream = self.graph.upstream(zip).into_iter();
                let sources = upstream.filter(|vertex| self.is_source(*vertex));
                sources.map(|source| self.batched(source)).collect()
            }
        }
    }

    /// The step behind a source that reads in batches, else the source.
    fn batched(&self, source: usize) -> usize {
        let mut steps = self.graph.vertices();
        steps
            .find(|(_, step)| step.owner == source)
            .map_or(source, |(vertex, _)| vertex)
    }

    /// Whether two values may come to one input for one of the fork's.
    fn is_doubled(&self, fork: Fork, zip: usize) -> bool {
        let inputs = self.graph.step(zip).map_or(0, |step| step.inputs());
        self.starts(fork, zip).iter().any(|start| {
            let mut ports = 0..inputs;
            ports.any(|port| self.ways(&[*start], zip, Some(port)) > 1)
        })
    }

    /// How many values may come from the starts to a vertex, or to one input of it, for one of theirs; never more than two are
    /// counted. A zip by record waits for all its inputs, so that it gives no more than the one that is given most.
    fn ways(&self, starts: &[usize], to: usize, port: Option<usize>) -> usize {
        let mut order: Vec<usize> = self.graph.upstream(to);
        order.sort_by_cached_key(|vertex| self.graph.upstream(*vertex).len());
        let mut known: Vec<(usize, usize)> = Vec::new();
        for vertex in order {
            if starts.contains(&vertex) {
                known.push((vertex, 1));
                continue;
            }
            let given = |port: usize| {
                let from = self.graph.leading_to(vertex, port);
                let each = from.map(|edge| known.iter().find(|(from, _)| *from == edge.from));
                each.flatten().map(|(_, ways)| *ways).sum::<usize>()
            };
            let ports = 0..self.graph.step(vertex).map_or(1, |step| step.inputs());
            let ways = match port.filter(|_| vertex == to) {
                Some(port) => given(port),
                None if self.is_by_record(vertex) => ports.map(given).max().unwrap_or(0),
                None => ports.map(given).sum(),
            };
            known.push((vertex, ways.min(2)));
        }
        known.last().map_or(0, |(_, ways)| *ways)
    }

    fn sources(&self, zip: usize, port: usize) -> Vec<usize> {
        let feeding = self
            .graph
            .leading_to(zip, port)
            .flat_map(|edge| self.graph.upstream(edge.from));
        let mut sources: Vec<usize> = feeding.filter(|vertex| self.is_source(*vertex)).collect();
        sources.sort_unstable();
        sources.dedup();
        sources
    }
}

/// What several inputs have in common.
enum Shared {
    None,
    Some,
    All,
}

fn shared(sources: &[Vec<usize>]) -> Shared {
    let apart = sources.iter().enumerate().all(|(index, some)| {
        let others = &sources[index + 1..];
        some.iter()
            .all(|source| !others.iter().any(|other| other.contains(source)))
    });
    match apart {
        true => Shared::None,
        false if sources.windows(2).all(|pair| pair[0] == pair[1]) => Shared::All,
        false => Shared::Some,
    }
}

fn goes_round(graph: &Graph<'_>, vertex: usize) -> bool {
    graph
        .upstream(vertex)
        .into_iter()
        .any(|before| graph.circle(before).is_some())
}
