//! A member of the group in a process of its own, by its number: started, signalled, killed, waited for.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

pub(crate) use rustix::process::Signal;

use super::ms;

/// A child process: the program `member` of this package. It is killed when this value is dropped.
pub(crate) struct Child {
    process: std::process::Child,
    folder: PathBuf,
}

/// How a child has ended, and what it wrote.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Child {
    /// A folder for one test: the children's journal, what they write, their working directory.
    pub(crate) fn folder(test: &str) -> PathBuf {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("it is ours");
        }
        fs::create_dir_all(&folder).expect("it is ours");
        folder
    }

    /// Starts `member` as the pipeline `name`; it notes what it processes in `journal` in the folder.
    pub(crate) fn start(folder: &Path, name: &str, arguments: &[&str]) -> Child {
        Child::start_with(folder, name, arguments, &[])
    }

    pub(crate) fn start_with(
        folder: &Path,
        name: &str,
        arguments: &[&str],
        env: &[(&str, &str)],
    ) -> Child {
        static STARTED: AtomicUsize = AtomicUsize::new(0);
        let own = folder.join(format!("child-{}", STARTED.fetch_add(1, Ordering::Relaxed)));
        fs::create_dir_all(&own).expect("it is ours");
        let to = |name: &str| Stdio::from(File::create(own.join(name)).expect("it is ours"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_member"));
        // Settings of whoever runs the tests are not the child's.
        for (variable, _) in std::env::vars_os() {
            let variable = variable.to_string_lossy();
            if variable.starts_with("WATERHEALER_")
                || variable.starts_with("KAFKA_")
                || variable.starts_with("HEALING_")
                || variable.starts_with("OTEL_")
                || variable.starts_with("ENABLE_")
                || variable == "LOGLEVEL"
            {
                command.env_remove(&*variable);
            }
        }
        command
            .args(arguments)
            .env("MEMBER", name)
            .env("JOURNAL", folder.join("journal"))
            .envs(env.iter().copied())
            .current_dir(&own)
            .stdin(Stdio::null())
            .stdout(to("out"))
            .stderr(to("err"));
        let process = command.spawn().expect("the program `member` is built");
        Child {
            process,
            folder: own,
        }
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = rustix::process::Pid::from_child(&self.process);
        rustix::process::kill_process(pid, signal).expect("the child still runs");
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.process.try_wait().expect("it is our child").is_none()
    }

    /// SIGKILL, wherever it is.
    pub(crate) fn kill(mut self) -> Ended {
        assert!(
            self.is_running(),
            "the child ended by itself: {}",
            self.said("err")
        );
        self.signal(Signal::KILL);
        self.wait(Duration::from_secs(5))
    }

    /// Waits for its end.
    #[track_caller]
    pub(crate) fn wait(mut self, within: Duration) -> Ended {
        let until = Instant::now() + within;
        loop {
            if let Some(status) = self.process.try_wait().expect("it is our child") {
                return Ended {
                    status,
                    out: self.said("out"),
                    err: self.said("err"),
                };
            }
            assert!(
                Instant::now() < until,
                "the child has not ended within {within:?}: {}",
                self.said("err")
            );
            std::thread::sleep(ms(5));
        }
    }

    /// What it has written so far to `out` or `err`.
    pub(crate) fn said(&self, stream: &str) -> String {
        fs::read_to_string(self.folder.join(stream)).expect("it is text")
    }
}

/// The processor time that a process has used so far.
pub(crate) fn cpu_time(pid: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("the process runs, on Linux");
    // After the name, which may hold anything: user and system time are the 12th and 13th, in hundredths of a second.
    let (_, fields) = stat.rsplit_once(") ").expect("the name is in parentheses");
    let ticks = fields
        .split(' ')
        .skip(11)
        .take(2)
        .map(|ticks| ticks.parse::<u64>().expect("a number"));
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

impl Drop for Child {
    fn drop(&mut self) {
        // One that has ended needs no killing.
        if self.process.kill().is_ok() {
            let _ended = self.process.wait();
        }
    }
}

impl Ended {
    #[track_caller]
    pub(crate) fn assert_code(&self, code: i32) {
        assert_eq!(self.status.code(), Some(code), "{self:#?}");
    }

    /// Each of these is in what it wrote to standard error.
    #[track_caller]
    pub(crate) fn assert_says(&self, words: &[&str]) {
        for word in words {
            assert!(self.err.contains(word), "no `{word}` in: {}", self.err);
        }
    }
}
