//! What is refused before a pipeline starts, beyond single settings.

use crate::error::{Error, ErrorKind};
use crate::graph::Spec;

/// A failed record that the pipeline reads again fails again, for ever. What the attributes show is refused when they are
/// compiled; the group, of which topics have their names, is known only here.
///
/// # Errors
/// The topic that is read, and that failed records go to.
pub(super) fn refuse_letters_to_itself(spec: &Spec, group: &str) -> Result<(), Error> {
    let letters = spec.dead_letter_topics(group);
    let Some((topic, _)) = spec
        .read_topics()
        .find(|(topic, _)| letters.iter().any(|letters| letters == topic))
    else {
        return Ok(());
    };
    Err(Error::new(
        ErrorKind::Configuration,
        format!(
            "the pipeline reads `{topic}`, and in the group `{group}` its failed records go there: each would come back and \
             fail again, for ever. Name another topic, `dead_letter(\"…\")`, or read this one in another pipeline"
        ),
    ))
}

/// A flush writes what all lanes have buffered, and only its own lane hears how that went: another one's flush would find
/// nothing left, succeed, and commit records that are not written.
///
/// # Errors
/// More than one lane, where sinks buffer.
pub(super) fn refuse_flushes_beside_others(buffers: bool, lanes: usize) -> Result<(), Error> {
    if !buffers || lanes == 1 {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Configuration,
        format!(
            "`lanes = {lanes}` is refused with `flush`: all lanes buffer in one place, and what one lane's flush fails to write \
             another's would count as written. Take `lanes` out, or write without a buffer"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sinks_that_buffer_have_one_lane() {
        assert!(refuse_flushes_beside_others(true, 1).is_ok());
        assert!(refuse_flushes_beside_others(false, 4).is_ok());
        let refused = refuse_flushes_beside_others(true, 4).unwrap_err();
        assert!(refused.to_string().contains("lanes = 4"), "{refused}");
    }
}
