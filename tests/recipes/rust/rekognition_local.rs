//! Copy this file into your tests: it starts a rekognition-local on a free port, and stops it when it is dropped.
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_rekognition::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_rekognition::{Client, Config};

pub struct RekognitionLocal {
    pub url: String,
    child: Child,
    accounts: AtomicU64,
}

impl RekognitionLocal {
    /// A server with a world of its own in memory, and further options.
    pub fn start(options: &[&str]) -> Self {
        let program = std::env::var("REKOGNITION_LOCAL").unwrap_or("rekognition-local".into());
        let mut child = Command::new(&program)
            .args(["--port", "0", "--db", ":memory:", "--profile", "instant", "--log", "off"])
            .args(options)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{program}: {error}"));
        let mut ready = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        let (_, url) = ready.trim().split_once(" ready on ").unwrap_or_else(|| panic!("{program} did not start"));
        Self { url: url.into(), child, accounts: AtomicU64::new(1) }
    }

    /// A client of an account that no other test has.
    pub fn client(&self) -> Client {
        let account = format!("{:012}", self.accounts.fetch_add(1, Ordering::Relaxed));
        Client::from_conf(
            Config::builder()
                .behavior_version(BehaviorVersion::latest())
                .region(Region::new("us-east-1"))
                .endpoint_url(&self.url)
                .http_client(aws_smithy_http_client::Builder::new().build_http())
                .credentials_provider(Credentials::new(account, "any", None, None, "test"))
                .build(),
        )
    }
}

impl Drop for RekognitionLocal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
