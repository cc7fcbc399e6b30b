//! What this machine has and what may be installed on it: programs on the path, and Debian packages when we are root.
//! What the programs are used for stands where they are used.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Error;
use crate::error::Doing;

/// The script that Debian asks whether an installed service may start; 101 says no.
const POLICY: &str = "/usr/sbin/policy-rc.d";

/// Makes sure that librdkafka, which is C and C++, can be compiled; installs Debian's `build-essential` where that is possible.
///
/// # Errors
/// When a compiler is missing and cannot be installed.
pub(crate) fn ensure_compilers() -> Result<(), Error> {
    // Whoever names a compiler has one, perhaps with words before it (`ccache g++`).
    let mut needed = vec!["make"];
    needed.extend(env::var_os("CC").is_none().then_some("gcc"));
    needed.extend(env::var_os("CXX").is_none().then_some("g++"));
    let why = "librdkafka, the Kafka client, is compiled from its C and C++ source";
    ensure_programs(&needed, "build-essential", why)
}

/// Makes sure that all `programs` are on the path, from Debian's `package` if need be.
///
/// # Errors
/// When one is missing and cannot be installed.
pub(crate) fn ensure_programs(
    programs: &[&str],
    package: &str,
    why: &'static str,
) -> Result<(), Error> {
    let missing = || programs.iter().find(|program| find(program).is_none());
    let Some(first) = missing() else {
        return Ok(());
    };
    if find("apt-get").is_some() && rustix::process::geteuid().is_root() {
        eprintln!("{first} is missing: installing Debian's {package}");
        apt_install(package)?;
    }
    match missing() {
        None => Ok(()),
        Some(what) => Err(Error::Missing {
            what: (*what).into(),
            why,
            how: format!(
                "`apt-get install {package}` as root on Debian and Ubuntu, or your system's package of that kind"
            ),
        }),
    }
}

/// The file that a program's name stands for: the first on the path that can be executed.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let executable = |file: &PathBuf| {
        fs::metadata(file)
            .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
    };
    if program.contains('/') {
        return Some(PathBuf::from(program)).filter(executable);
    }
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(executable)
}

/// Runs a program to its end and gives what it printed, both streams together.
///
/// # Errors
/// When it cannot be started, or ends with a failure; the error then carries the last lines of its output.
pub(crate) fn run(command: &mut Command) -> Result<String, Error> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().doing(|| format!("run {name}"))?;
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    if output.status.success() {
        Ok(text)
    } else {
        Err(Error::Failed(format!(
            "{name} failed ({}):\n{}",
            output.status,
            tail(&text, 30)
        )))
    }
}

/// The last `lines` lines of a text, indented.
pub(crate) fn tail(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.lines().collect();
    all[all.len().saturating_sub(lines)..]
        .iter()
        .map(|line| format!("  {line}\n"))
        .collect()
}

fn apt_install(package: &str) -> Result<(), Error> {
    let _services = ServicesStayDown::new(Path::new(POLICY))?;
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        // `RUNLEVEL=1` is the older way to say what `ServicesStayDown` says.
        command
            .args(["-q", "-o", "DPkg::Lock::Timeout=300"])
            .args(arguments);
        command
            .env("DEBIAN_FRONTEND", "noninteractive")
            .env("RUNLEVEL", "1");
        run(&mut command)
    };
    apt(&["update"])?;
    apt(&["install", "-y", "--no-install-recommends", package])?;
    Ok(())
}

/// While this lives, an installed package does not start its system service: Debian asks this script first. Where the
/// machine has one already, its answer stands.
struct ServicesStayDown {
    script: Option<PathBuf>,
}

impl ServicesStayDown {
    fn new(script: &Path) -> Result<ServicesStayDown, Error> {
        match OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o755)
            .open(script)
        {
            Ok(mut file) => {
                let guard = ServicesStayDown {
                    script: Some(script.into()),
                };
                file.write_all(b"#!/bin/sh\nexit 101\n")
                    .doing(|| format!("write {}", script.display()))?;
                Ok(guard)
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Ok(ServicesStayDown { script: None })
            }
            Err(source) => Err(Error::Io {
                doing: format!("create {}", script.display()),
                source,
            }),
        }
    }
}

impl Drop for ServicesStayDown {
    fn drop(&mut self) {
        if let Some(script) = &self.script
            && let Err(error) = fs::remove_file(script)
        {
            eprintln!(
                "could not remove {}, which keeps services from starting: {error}",
                script.display()
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::tests::Folder;

    #[test]
    fn programs_are_found_by_name_and_by_path() {
        let shell = find("sh").expect("every Unix has a shell");
        assert_eq!(find(shell.to_str().expect("a plain path")), Some(shell));
        assert_eq!(find("no-such-program-here"), None);
        assert_eq!(
            find("/etc/passwd"),
            None,
            "a file that cannot be executed is no program"
        );
    }

    #[test]
    fn services_stay_down_as_long_as_the_script_is_there() {
        let folder = Folder::new("policy");
        let script = folder.path().join("policy-rc.d");
        let first = ServicesStayDown::new(&script).expect("the folder can be written");
        assert_eq!(
            find(script.to_str().expect("a plain path")).as_ref(),
            Some(&script),
            "it can be executed"
        );
        let answer = Command::new("sh")
            .arg(&script)
            .status()
            .expect("every Unix has a shell");
        assert_eq!(answer.code(), Some(101));

        drop(ServicesStayDown::new(&script).expect("one that is there is no error"));
        assert!(script.exists(), "it belongs to somebody else");
        drop(first);
        assert!(!script.exists());
    }

    #[test]
    fn a_failing_program_tells_its_last_lines() {
        let error = run(Command::new("sh").args(["-c", "echo first; echo why >&2; exit 3"]))
            .expect_err("it exits with 3");
        let text = error.to_string();
        assert!(
            text.contains("exit status: 3") && text.contains("  first\n  why\n"),
            "{text}"
        );
    }

    #[test]
    fn the_tail_is_the_last_lines_in_order() {
        assert_eq!(tail("a\nb\nc\n", 2), "  b\n  c\n");
        assert_eq!(tail("a", 5), "  a\n");
    }
}
