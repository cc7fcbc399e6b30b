//! What there is to show for each record of the input: notes in the journal, records in the output topic.

use super::{Kind, Verdict};
use crate::history::{History, Place};

/// By partition and offset of the input.
pub(super) struct Evidence(Vec<Vec<Found>>);

/// Of one record.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    pub(super) notes: usize,
    pub(super) outputs: usize,
    /// How long the journal was with the first note that it was done.
    done: Option<u64>,
    /// How long the journal was with the first note that it was refused.
    refused: Option<u64>,
    /// Its outputs.
    written: Vec<Place>,
}

impl Evidence {
    /// Sorts it by record; what belongs to no record is told.
    pub(super) fn of(history: &History, verdict: &mut Verdict) -> Evidence {
        let sizes = history.inputs.iter().map(Vec::len);
        let mut all = Evidence(sizes.map(|size| vec![Found::default(); size]).collect());
        for note in &history.notes {
            let Some(found) = all.find(note.of) else {
                let what = format!("the journal has {}, which was never written", note.of);
                verdict.add(Kind::Foreign, what);
                continue;
            };
            found.notes += 1;
            let first = if note.refused {
                &mut found.refused
            } else {
                &mut found.done
            };
            first.get_or_insert(note.until);
        }
        verdict.outputs = history.outputs.len();
        for output in &history.outputs {
            let number = history
                .inputs
                .get(output.of.partition)
                .and_then(|inputs| inputs.get(output.of.offset))
                .map(|input| input.number);
            match all.find(output.of) {
                Some(found) if number == Some(output.number) => {
                    found.outputs += 1;
                    found.written.push(output.at);
                }
                _ => {
                    let what = format!(
                        "{} of the output says {} of {}, where {number:?} was written",
                        output.at, output.number, output.of
                    );
                    verdict.add(Kind::Foreign, what);
                }
            }
        }
        all
    }

    /// Of a record that is there.
    pub(super) fn at(&self, place: Place) -> &Found {
        &self.0[place.partition][place.offset]
    }

    fn find(&mut self, place: Place) -> Option<&mut Found> {
        self.0.get_mut(place.partition)?.get_mut(place.offset)
    }
}

impl Found {
    /// What is missing for the record to be finished, by what the journal had in its first bytes and by the outputs that
    /// were `written`.
    pub(super) fn lacks(
        &self,
        poison: bool,
        journal: u64,
        written: impl Fn(Place) -> bool,
    ) -> Option<&'static str> {
        let by_then = |note: Option<u64>| note.is_some_and(|until| until <= journal);
        if poison {
            return (!by_then(self.refused)).then_some("no stage has refused it");
        }
        if !by_then(self.done) {
            return Some("no stage has done it");
        }
        let stands = self.written.iter().any(|place| written(*place));
        (!stands).then_some("its output is not there")
    }
}
