//! Runs one program in a process group of its own and hands on its output as it comes; ends the whole group when the
//! person at the terminal asks.

use std::io::{PipeReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::Error;
use crate::error::Doing;
use crate::process::Process;

/// How long a group may take to end after SIGTERM.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long output is waited for after the program's end: a process that it left behind may hold the pipe open.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Runs the program to its end; `each` gets both streams' output in the order in which it was written.
///
/// # Errors
/// When it cannot be started, and [`Error::Interrupted`] when `interrupted` said so.
pub(super) fn stream(
    command: &mut Command,
    interrupted: impl Fn() -> bool,
    mut each: impl FnMut(&[u8]),
) -> Result<ExitStatus, Error> {
    let name = command.get_program().to_string_lossy().into_owned();
    let (reader, writer) = std::io::pipe().doing(|| "make a pipe".into())?;
    let errors = writer
        .try_clone()
        .doing(|| "share a pipe between two streams".into())?;
    command
        .stdin(Stdio::null())
        .stdout(writer)
        .stderr(errors)
        .process_group(0);
    let mut child = command.spawn().doing(|| format!("start {name}"))?;
    // The command holds the writing end: as long as it does, the pipe never ends.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let pieces = read(reader);

    let mut ended: Option<(ExitStatus, Instant)> = None;
    loop {
        match pieces.recv_timeout(Duration::from_millis(50)) {
            Ok(piece) => each(&piece),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {}
        }
        if interrupted() {
            end_group(&mut child)?;
            return Err(Error::Interrupted);
        }
        if ended.is_none() {
            ended = child
                .try_wait()
                .doing(|| format!("wait for {name}"))?
                .map(|status| (status, Instant::now()));
        }
        if ended.is_some_and(|(_, at)| at.elapsed() > LAST_WORDS) {
            break;
        }
    }
    match ended {
        Some((status, _)) => Ok(status),
        None => child.wait().doing(|| format!("wait for {name}")),
    }
}

fn read(mut reader: PipeReader) -> Receiver<Vec<u8>> {
    let (sender, receiver) = sync_channel(16);
    std::thread::spawn(move || {
        let mut buffer = [0; 8192];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) if sender.send(buffer[..length].to_vec()).is_ok() => {}
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                // Nobody listens any more, or the pipe is broken.
                Ok(_) | Err(_) => break,
            }
        }
    });
    receiver
}

/// SIGTERM to all that the program has started; SIGKILL to what is left once it has ended itself, or does not.
fn end_group(child: &mut Child) -> Result<(), Error> {
    // None: it has just ended by itself and was waited for.
    if let Some(leader) = Process::running(child.id()) {
        leader.signal_group(Signal::TERM)?;
        leader.wait_gone(PATIENCE, || ());
        leader.signal_group(Signal::KILL)?;
    }
    child
        .wait()
        .doing(|| "wait for the program that was ended".into())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn both_streams_come_in_order_with_the_exit_status() {
        let mut output = Vec::new();
        let script = "echo one; echo two >&2; printf three; exit 7";
        let status = stream(
            &mut shell(script),
            || false,
            |piece| output.extend_from_slice(piece),
        )
        .expect("it ran");
        assert_eq!(String::from_utf8(output).as_deref(), Ok("one\ntwo\nthree"));
        assert_eq!(status.code(), Some(7));
    }

    #[test]
    fn output_comes_before_the_end() {
        let start = Instant::now();
        let mut first = None;
        stream(
            &mut shell("echo early; sleep 1"),
            || false,
            |_| first = first.or(Some(start.elapsed())),
        )
        .expect("it ran");
        assert!(
            first.is_some_and(|first| first < Duration::from_millis(900)),
            "{first:?}"
        );
        assert!(start.elapsed() >= Duration::from_secs(1));
    }

    #[test]
    fn a_process_that_holds_the_pipe_open_is_not_waited_for() {
        let start = Instant::now();
        let mut output = Vec::new();
        let script = "sleep 20 & echo $!";
        stream(
            &mut shell(script),
            || false,
            |piece| output.extend_from_slice(piece),
        )
        .expect("it ran");
        assert!(start.elapsed() < Duration::from_secs(15));
        let pid = String::from_utf8_lossy(&output)
            .trim()
            .parse()
            .expect("a number was printed");
        Process::running(pid)
            .expect("it was left behind")
            .signal(Signal::KILL)
            .expect("it is ours");
    }

    #[test]
    fn an_interruption_ends_the_whole_group() {
        let mut output = Vec::new();
        // The shell waits for a child of its own, which would outlive it.
        let script = "sleep 60 & echo $!; wait";
        let start = Instant::now();
        let interrupted = || start.elapsed() > Duration::from_millis(500);
        let outcome = stream(&mut shell(script), interrupted, |piece| {
            output.extend_from_slice(piece)
        });
        assert!(matches!(outcome, Err(Error::Interrupted)), "{outcome:?}");
        let pid: u32 = String::from_utf8_lossy(&output)
            .trim()
            .parse()
            .expect("a number was printed");
        let gone = Process::running(pid)
            .is_none_or(|child| child.wait_gone(Duration::from_secs(10), || ()));
        assert!(gone, "its child lives");
    }
}
