//! A set as one bit an offset, the lowest first. No pattern needs more.

use super::{Body, Sink, Step};

pub(super) fn write(steps: impl Iterator<Item = Step>, room: usize) -> Body {
    let mut body = Body {
        holds: 0,
        bytes: Vec::new(),
    };
    let most = room as u64 * 8;
    let mut at = 0_u64;
    for step in steps {
        let start = at.saturating_add(step.gap);
        let end = start.saturating_add(step.run).min(most);
        for bit in start..end {
            let byte = (bit / 8) as usize;
            if body.bytes.len() <= byte {
                body.bytes.resize(byte + 1, 0);
            }
            body.bytes[byte] |= 1 << (bit % 8);
            body.holds += 1;
        }
        at = end;
        if at >= most || start >= most {
            break;
        }
    }
    body
}

pub(super) fn read(from: &[u8], sink: &mut Sink<'_>) -> Option<()> {
    let mut step = Step { gap: 0, run: 0 };
    for byte in from {
        for bit in 0..8 {
            if byte & (1 << bit) != 0 {
                step.run += 1;
            } else {
                if step.run > 0 {
                    sink.take(step)?;
                    step = Step { gap: 0, run: 0 };
                }
                step.gap += 1;
            }
        }
    }
    if step.run > 0 {
        sink.take(step)?;
    }
    Some(())
}
