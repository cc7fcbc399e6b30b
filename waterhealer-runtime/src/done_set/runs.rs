//! A set as numbers: how many are not finished, how many are, and again. The shortest for a few long runs.

use super::{Body, MOST_RUNS, Sink, Step, number};

pub(super) fn write(steps: impl Iterator<Item = Step>, room: usize) -> Body {
    let mut body = Body {
        holds: 0,
        bytes: Vec::new(),
    };
    for step in steps {
        let before = body.bytes.len();
        number::write(&mut body.bytes, step.gap);
        number::write(&mut body.bytes, step.run);
        if body.bytes.len() > room {
            body.bytes.truncate(before);
            break;
        }
        body.holds += step.run;
    }
    body
}

pub(super) fn read(mut from: &[u8], sink: &mut Sink<'_>) -> Option<()> {
    for _ in 0..MOST_RUNS {
        if from.is_empty() {
            return Some(());
        }
        let gap = number::read(&mut from)?;
        let run = number::read(&mut from)?;
        sink.take(Step { gap, run })?;
    }
    from.is_empty().then_some(())
}
