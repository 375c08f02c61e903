//! `conexao api` as scripts use it, against a server of its own.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value as Json;
use tempfile::TempDir;

const EMAIL: &str = "helena@aurora.demo";
const PASSWORD: &str = "conexao-demo-2026";

struct Server {
    child: Child,
    url: String,
    folder: TempDir,
}

impl Server {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let mut child = conexao(folder.path())
            .args(["serve", "--demo", "--data", "data", "--listen", &address])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        // The address is printed once it is bound.
        assert!(lines.any(|line| line.contains("http://")));
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, url: format!("http://{address}"), folder }
    }

    fn api(&self, words: &[&str]) -> Output {
        conexao(self.folder.path())
            .arg("api")
            .args(words)
            .env("CONEXAO_URL", &self.url)
            .env("CONEXAO_EMAIL", EMAIL)
            .env("CONEXAO_PASSWORD", PASSWORD)
            .output()
            .unwrap()
    }

    /// The JSON lines that a command answers.
    fn lines(&self, words: &[&str]) -> Vec<Json> {
        let output = self.api(&[words, &["--json"]].concat());
        let (code, text) = (output.status.code(), String::from_utf8(output.stdout).unwrap());
        assert_eq!(code, Some(0), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn code(&self, words: &[&str]) -> Option<i32> {
        self.api(words).status.code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn conexao(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conexao"));
    command.current_dir(folder).env_remove("DATABASE_URL").env_remove("CONEXAO_TOKEN");
    command
}

#[test]
fn records_from_a_script() {
    let server = Server::start();
    let made = &server.lines(&["post", "customers", "--set", "name=Zélia Script", "--set", "document=52998224725"])[0];
    let id = made["id"].as_str().unwrap();
    let again = ["post", "customers", "--set", "name=Uma só vez", "--idempotency-key", "k1"];
    assert_eq!(server.lines(&again)[0]["id"], server.lines(&again)[0]["id"]);

    let all = server.lines(&["get", "customers", "--filter", "status=active", "--all", "--sort", "name"]);
    let count = &server.lines(&["get", "customers", "--filter", "status=active", "--count"])[0];
    assert!(*count == all.len() && all.iter().all(|record| record["status"] == "active"), "{count}");
    let some = server.lines(&["get", "customers", "-q", "zélia script", "--columns", "name,document"]);
    assert_eq!(some[0].as_object().unwrap().len(), 2);
    assert_eq!(server.lines(&["get", "customers", "--count", "-f", "name[contains]=Uma só"])[0], 1);

    assert_eq!(server.lines(&["patch", "customers", id, "--set", "notes=um"])[0]["version"], 2);
    assert_eq!(server.code(&["patch", "customers", id, "--set", "notes=x", "--if-match", "1"]), Some(7));
    let blocked = &server.lines(&["action", "customers", id, "block", "--body", r#"{"block_reason":"Cheque"}"#])[0];
    assert_eq!(blocked["status"], "blocked");
    assert_eq!(server.code(&["action", "customers", id, "block"]), Some(7));
    assert_eq!(server.code(&["delete", "customers", id]), Some(0));
    assert_eq!(server.code(&["get", "customers", id]), Some(6));
    assert_eq!(server.lines(&["action", "customers", id, "restore"])[0]["id"], id);
    assert_eq!(server.lines(&["get", "/me"])[0]["user"]["email"], EMAIL);

    let table = server.api(&["get", "customers", "-q", "zélia script", "--locale", "en"]);
    let text = String::from_utf8(table.stdout).unwrap();
    assert!(text.contains("•••.982.247-••") && text.contains("Blocked"), "{text}");
    assert_eq!(text.split_whitespace().next(), Some("ID"));
}

#[test]
fn spreadsheets_from_a_script() {
    let server = Server::start();
    let path = |name: &str| server.folder.path().join(name);
    std::fs::write(path("novos.csv"), "Nome;CPF/CNPJ\nZeno;529.982.247-25\nZilda;111.111.111-11\n").unwrap();
    let refused = server.api(&["import", "customers", "novos.csv", "--json", "--failed", "ruins.csv"]);
    assert_eq!(refused.status.code(), Some(11));
    let told: Json = serde_json::from_slice(&refused.stdout).unwrap();
    assert_eq!((&told["ready"], &told["failed"], &told["state"]), (&1.into(), &1.into(), &"simulated".into()));
    assert_eq!(server.lines(&["get", "customers", "-q", "zeno", "--count"])[0], 0);
    assert!(std::fs::read_to_string(path("ruins.csv")).unwrap().contains("Zilda"));
    assert_eq!(server.code(&["import", "customers", "novos.csv", "--skip-failed"]), Some(11));

    let words = ["export", "customers", "-q", "zeno", "--columns", "name,document"];
    let text = String::from_utf8(server.api(&words).stdout).unwrap();
    assert!(text.contains("Zeno") && text.lines().count() == 2, "{text}");
    assert_eq!(server.code(&[&words[..], &["--output", "zeno.xlsx"]].concat()), Some(0));
    assert_eq!(std::fs::read(path("zeno.xlsx")).unwrap()[..2], *b"PK");
}

#[test]
fn refusals_by_their_exit_code() {
    let server = Server::start();
    assert_eq!(server.code(&["get", "colours"]), Some(2));
    assert_eq!(server.code(&["get"]), Some(2));
    assert_eq!(server.code(&["get", "customers", "-f", "colour=red"]), Some(8));
    assert_eq!(server.code(&["post", "customers", "--set", "document=1"]), Some(8));
    let wrong = server.api(&["post", "customers", "--set", "document=1"]);
    let words = String::from_utf8(wrong.stderr).unwrap();
    assert!(words.contains("document: ") && words.contains("[422-"), "{words}");
    assert_eq!(server.code(&["get", "/me", "--token", "no longer good"]), Some(4));
    assert_eq!(server.code(&["get", "/me", "--url", "http://127.0.0.1:1"]), Some(3));
    let unknown = conexao(server.folder.path()).args(["api", "get", "/me"]).output().unwrap();
    assert_eq!(unknown.status.code(), Some(2), "nobody said who calls");
}
