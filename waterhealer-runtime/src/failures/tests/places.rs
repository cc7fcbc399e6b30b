//! The places: a directory, an object store in memory, and a webhook of a few lines.

use super::super::FailedCall;
use super::super::redact::Redactor;
use super::super::target::{Target, open};
use super::{failure, report};

fn call() -> FailedCall {
    let report = report(&failure("json", "7"));
    report.call(&Redactor::default()).unwrap()
}

#[test]
fn a_directory_has_whole_files_and_nothing_else() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("failed/here");
    let mut directory = open(&Target::Directory(path.clone())).unwrap();
    let call = call();
    directory.persist(&call).unwrap();
    let entries = std::fs::read_dir(&path).unwrap();
    let names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, [std::ffi::OsString::from(call.file_name())]);
    let text = std::fs::read_to_string(path.join(call.file_name())).unwrap();
    assert_eq!(text, call.text());
    std::fs::remove_dir_all(&path).unwrap();
    assert!(directory.persist(&call).is_err());
}

#[test]
fn a_directory_that_cannot_be_made_is_told_at_the_start() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let target = Target::Directory(file.path().join("below"));
    let refused = open(&target).err().expect("it is below a file");
    let path = file.path().display().to_string();
    assert!(refused.to_string().contains(&path), "{refused}");
}

#[test]
fn a_place_is_named_without_its_secrets() {
    let webhook = Target::Webhook("https://me:hunter2@host:8/hunter2?x=hunter2".to_owned());
    assert_eq!(webhook.to_string(), "https://host:8/…");
    let cloud = Target::Cloud("s3://bucket/prefix?key=hunter2".to_owned());
    assert_eq!(format!("{cloud:?}"), "s3://bucket/prefix");
}

#[cfg(feature = "failures-cloud")]
mod cloud {
    use std::sync::Arc;

    use object_store::memory::InMemory;
    use object_store::path::Path;
    use object_store::{ObjectStore, ObjectStoreExt as _};

    use super::super::super::Persist as _;
    use super::super::super::cloud::Cloud;
    use super::call;

    #[test]
    fn a_failure_is_an_object_below_the_prefix() {
        let memory = Arc::new(InMemory::new());
        let store: Box<dyn ObjectStore> = Box::new(Arc::clone(&memory));
        let mut cloud = Cloud::over(store, Path::from("team/failed")).unwrap();
        let call = call();
        cloud.persist(&call).unwrap();
        let path = Path::from(format!("team/failed/{}", call.file_name()));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let bytes = runtime.block_on(async {
            let found = memory.get(&path).await.unwrap();
            found.bytes().await.unwrap()
        });
        assert_eq!(bytes, call.text().as_bytes());
    }

    #[test]
    fn the_address_of_a_bucket_is_understood() {
        for url in [
            "s3://bucket/prefix",
            "gs://bucket",
            "gcs://bucket/prefix",
            "az://container/prefix",
        ] {
            let opened = Cloud::open(url);
            // Of an Azure account the environment has to tell.
            if let Err(error) = opened {
                assert!(url.starts_with("az"), "{url}: {error}");
                assert!(error.to_string().contains("ccount"), "{error}");
            }
        }
    }
}

#[cfg(feature = "failures-webhook")]
mod webhook {
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    use std::net::TcpListener;
    use std::thread::JoinHandle;

    use super::super::super::Persist as _;
    use super::super::super::webhook::Webhook;
    use super::call;

    /// Takes one request, answers it like this, and gives its head and its body.
    fn serve(answer: &'static str) -> (String, JoinHandle<(String, String)>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/secret", listener.local_addr().unwrap());
        let served = std::thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                reader.read_line(&mut head).unwrap();
            }
            let lower = head.to_lowercase();
            let (_, length) = lower.split_once("content-length: ").unwrap();
            let length = length.lines().next().unwrap().parse().unwrap();
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let mut stream = stream;
            write!(
                stream,
                "HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            )
            .unwrap();
            (head, String::from_utf8(body).unwrap())
        });
        (url, served)
    }

    #[test]
    fn a_failure_is_posted_as_json() {
        let (url, served) = serve("204 No Content");
        let call = call();
        Webhook::open(&url).unwrap().persist(&call).unwrap();
        let (head, body) = served.join().unwrap();
        assert!(head.starts_with("POST /secret HTTP/1.1\r\n"), "{head}");
        assert!(
            head.to_lowercase()
                .contains("content-type: application/json"),
            "{head}"
        );
        assert_eq!(body.parse::<serde_json::Value>().unwrap(), *call.json());
    }

    #[test]
    fn an_answer_that_is_no_success_is_a_refusal_that_tells_no_secret() {
        let (url, served) = serve("503 Service Unavailable");
        let refused = Webhook::open(&url).unwrap().persist(&call()).unwrap_err();
        served.join().unwrap();
        assert!(refused.to_string().contains("503"), "{refused}");
        let nobody = Webhook::open(&url).unwrap().persist(&call()).unwrap_err();
        assert!(
            !format!("{nobody} {nobody:?}").contains("secret"),
            "{nobody:?}"
        );
    }
}
