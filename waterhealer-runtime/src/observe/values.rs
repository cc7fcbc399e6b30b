//! The last values that a node has handed on, written down, each with the record it was made of. Plain memory that is written
//! over: once it has grown, noting one more value allocates nothing.

use super::here::Named;
use super::sheet::{Form, Sheet};
use crate::graph::Spec;
use crate::types::EmitId;

/// Of a value, at most so many bytes are written down.
pub(crate) const LIMIT: usize = 4_096;

/// The last values of one node.
#[derive(Debug, Default)]
pub(crate) struct Values {
    /// Value `n` is at `n % room`.
    values: Vec<Value>,
    room: usize,
    /// How many there have been.
    count: u64,
}

/// One value of one node.
#[derive(Debug)]
struct Value {
    record: Named,
    sheet: Sheet,
}

/// A value that a node has handed on, as a checkpoint has kept it; of a sink, one that it was given.
///
/// Written as a text it is the value alone.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Checkpoint {
    /// Where in the graph: `source.order.map.price`. The guide's page `checkpoints` says how paths are made.
    pub path: String,
    /// The node's name in the graph.
    pub node: &'static str,
    /// The record that the value was made of; of several, the first.
    pub emit_id: EmitId,
    /// How the value is written.
    pub form: Form,
    /// The value, or its first 4,096 bytes.
    pub value: String,
    /// Whether the value is longer than what is kept of it.
    pub cut: bool,
}

impl Values {
    /// Keeps so many.
    pub(crate) fn new(room: usize) -> Self {
        Values {
            room: room.max(1),
            ..Values::default()
        }
    }

    /// The sheet for one more value, made of this record. It is the oldest value's, if there is no room for another one.
    #[inline]
    pub(crate) fn next(&mut self, record: Named) -> &mut Sheet {
        let place = self.place(self.count);
        self.count += 1;
        if place == self.values.len() {
            let sheet = Sheet::new(LIMIT);
            self.values.push(Value { record, sheet });
        }
        let value = &mut self.values[place];
        value.record = record;
        &mut value.sheet
    }

    /// Whether there has been none.
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Takes over what others have come to hold since; false if that is nothing. They are of the same room.
    pub(crate) fn catch_up(&mut self, with: &Values) -> bool {
        let missed = (with.count - self.count).min(with.values.len() as u64);
        self.room = with.room;
        for value in &with.values[self.values.len()..] {
            let (record, sheet) = (value.record, Sheet::new(LIMIT));
            self.values.push(Value { record, sheet });
        }
        for number in with.count - missed..with.count {
            let place = self.place(number);
            let (own, other) = (&mut self.values[place], &with.values[place]);
            own.record = other.record;
            own.sheet.copy(&other.sheet);
        }
        self.count = with.count;
        missed > 0
    }

    /// All that are kept, as checkpoints of this node, oldest first.
    pub(crate) fn all(
        &self,
        spec: &Spec,
        node: usize,
    ) -> impl DoubleEndedIterator<Item = Checkpoint> {
        let kept = self.values.len() as u64;
        let values = (self.count - kept..self.count).map(|number| &self.values[self.place(number)]);
        values.map(move |value| value.checkpoint(spec, node))
    }

    /// Those that were made of one record, oldest first.
    pub(crate) fn of(
        &self,
        record: EmitId,
        spec: &Spec,
        node: usize,
    ) -> impl Iterator<Item = Checkpoint> {
        let kept = self.values.len() as u64;
        let values = (self.count - kept..self.count).map(|number| &self.values[self.place(number)]);
        let values = values.filter(move |value| value.record.emit_id() == record);
        values.map(move |value| value.checkpoint(spec, node))
    }

    #[inline]
    fn place(&self, number: u64) -> usize {
        match self.room {
            // A division is dear beside all else that is done for a value, and most nodes keep one.
            1 => 0,
            room => (number % room as u64) as usize,
        }
    }
}

impl Value {
    fn checkpoint(&self, spec: &Spec, node: usize) -> Checkpoint {
        Checkpoint {
            path: spec.path_of(node),
            node: spec.nodes.get(node).map_or("?", |node| node.name),
            emit_id: self.record.emit_id(),
            form: self.sheet.form().unwrap_or(Form::Name),
            value: self.sheet.text().to_owned(),
            cut: self.sheet.is_cut(),
        }
    }
}

impl std::fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.value)?;
        match self.cut {
            true => f.write_str("…"),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sheet::{ShowJson as _, Shown};
    use super::*;
    use crate::types::Stream;

    static SPEC: Spec = Spec {
        name: "shop",
        settings: &[],
        nodes: &[],
        edges: &[],
    };

    fn record(offset: i64) -> Named {
        Named {
            stream: Stream::default(),
            partition: 0,
            offset,
        }
    }

    fn note(values: &mut Values, offset: i64) {
        (&&&Shown(&(offset * 10))).show(values.next(record(offset)));
    }

    fn texts(values: &Values) -> Vec<String> {
        values.all(&SPEC, 0).map(|value| value.value).collect()
    }

    #[test]
    fn the_last_ones_are_kept_oldest_first() {
        let mut values = Values::new(3);
        assert!(texts(&values).is_empty());
        for offset in 0..5 {
            note(&mut values, offset);
        }
        assert_eq!(texts(&values), ["20", "30", "40"]);
        let mut one = Values::new(1);
        note(&mut one, 1);
        note(&mut one, 2);
        assert_eq!(texts(&one), ["20"]);
    }

    #[test]
    fn a_copy_catches_up_with_whatever_it_has_missed() {
        for (room, steps) in [
            (1, [1, 1, 3]),
            (4, [2, 1, 9]),
            (4, [1, 7, 0]),
            (7, [0, 3, 3]),
        ] {
            let (mut values, mut copy) = (Values::new(room), Values::default());
            let mut offset = 0;
            for step in steps {
                for _ in 0..step {
                    note(&mut values, offset);
                    offset += 1;
                }
                assert_eq!(copy.catch_up(&values), step > 0);
                assert_eq!(texts(&copy), texts(&values), "room {room}, {steps:?}");
            }
        }
    }

    #[test]
    fn the_values_of_one_record_are_found_by_its_emit_id() {
        let mut values = Values::new(4);
        for offset in [1, 2, 2, 3] {
            note(&mut values, offset);
        }
        let found = |offset| values.of(record(offset).emit_id(), &SPEC, 0).count();
        assert_eq!((found(1), found(2), found(4)), (1, 2, 0));
    }

    #[test]
    fn a_long_value_is_cut_and_says_so() {
        let mut values = Values::new(1);
        (&&&Shown(&"x".repeat(5_000))).show(values.next(record(0)));
        let long = values.all(&SPEC, 0).next().unwrap();
        assert_eq!((long.value.len(), long.cut), (LIMIT, true));
        assert!(long.to_string().ends_with("x…"));
        note(&mut values, 1);
        let short = values.all(&SPEC, 0).next().unwrap();
        assert_eq!((short.to_string().as_str(), short.cut), ("10", false));
    }
}
