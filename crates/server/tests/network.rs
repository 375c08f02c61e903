//! The real binary on a real network: TLS, proxies, and callers that do not
//! play by the rules.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

#[path = "support/server.rs"]
mod server;

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

use reqwest::{Certificate, Client, StatusCode, redirect::Policy};
use serde_json::{Value as Json, json};
use server::{Server, conexao, free_address};

const LOGIN: &str = "/api/v1/auth/login";

/// A certificate for `localhost` in the folder; its PEM is what clients trust.
fn certificate(folder: &Path) -> Certificate {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    fs::write(folder.join("tls.key"), made.signing_key.serialize_pem()).unwrap();
    fs::set_permissions(folder.join("tls.key"), fs::Permissions::from_mode(0o600)).unwrap();
    let pem = made.cert.pem();
    fs::write(folder.join("tls.pem"), &pem).unwrap();
    Certificate::from_pem(pem.as_bytes()).unwrap()
}

fn trusting(certificate: &Certificate) -> Client {
    Client::builder().tls_certs_only([certificate.clone()]).redirect(Policy::none()).build().unwrap()
}

fn block<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

#[test]
fn tls_with_certificates_that_are_exchanged_while_connections_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let first = certificate(folder.path());
    let (address, plain) = (free_address(), free_address());
    let port = address.rsplit(':').next().unwrap();
    let config = format!(
        "public_url = \"https://localhost:{port}\"\n[tls]\ncertificate = \"tls.pem\"\nkey = \"tls.key\"\nredirect_from = \"{plain}\"\n"
    );
    let server = Server::start_in(folder, &address, &config);
    let url = |path: &str| format!("https://localhost:{port}{path}");
    block(async {
        let old = trusting(&first);
        let answer = old.get(url("/healthz")).send().await.unwrap();
        assert_eq!(answer.headers()["strict-transport-security"], "max-age=63072000; includeSubDomains");
        let body = json!({ "email": server::EMAIL, "password": server::PASSWORD });
        let answer = old
            .post(url(LOGIN))
            .header("Content-Type", "application/json")
            .body(body.to_string())
            .send()
            .await
            .unwrap();
        let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
        assert!(cookie.starts_with("__Host-conexao_refresh=") && cookie.contains("Secure"), "{cookie}");

        let second = certificate(server.folder.path());
        let new = trusting(&second);
        assert!(new.get(url("/healthz")).send().await.is_err(), "not before the server was told");
        server.hang_up();
        let deadline = Instant::now() + Duration::from_secs(10);
        while new.get(url("/healthz")).send().await.is_err() {
            assert!(Instant::now() < deadline, "the new certificate never came");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        // The connection from before knows only the first certificate, and works.
        assert_eq!(old.get(url("/healthz")).send().await.unwrap().status(), StatusCode::OK);
        assert!(trusting(&first).get(url("/healthz")).send().await.is_err());

        // A certificate without its key changes nothing.
        fs::write(server.folder.path().join("tls.pem"), "no certificate").unwrap();
        server.hang_up();
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(trusting(&second).get(url("/healthz")).send().await.is_ok());

        let moved =
            old.get(format!("http://{plain}/clientes?q=ana")).header("Host", "evil.example").send().await.unwrap();
        assert_eq!(moved.status(), StatusCode::PERMANENT_REDIRECT);
        assert_eq!(moved.headers()["location"], url("/clientes?q=ana"));
        let told = old.get(format!("http://{plain}/api/v1/me")).send().await.unwrap();
        assert_eq!(told.status(), StatusCode::FORBIDDEN, "programs must not get used to it");
    });
}

/// Everything the server says until it closes, or `None` when it still waits.
fn all(stream: &mut TcpStream, patience: Duration) -> Option<String> {
    stream.set_read_timeout(Some(patience)).unwrap();
    let mut said = Vec::new();
    match stream.read_to_end(&mut said) {
        Ok(_) => Some(String::from_utf8_lossy(&said).into_owned()),
        // A reset after an answer is an end as well.
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {
            Some(String::from_utf8_lossy(&said).into_owned())
        }
        Err(_) => None,
    }
}

#[test]
fn callers_that_dribble_are_not_waited_for() {
    let server = Server::start("head_seconds = 1\nbody_seconds = 1\n");
    let began = Instant::now();
    let mut head = TcpStream::connect(&server.address).unwrap();
    let mut body = TcpStream::connect(&server.address).unwrap();
    let mut silent = TcpStream::connect(&server.address).unwrap();
    head.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ").unwrap();
    let request =
        format!("POST {LOGIN} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{{");
    body.write_all(request.as_bytes()).unwrap();
    for _ in 0..12 {
        sleep(Duration::from_millis(150));
        let _ = (head.write_all(b"a"), body.write_all(b" "));
    }
    let told = all(&mut head, Duration::from_secs(3)).unwrap_or_else(|| "nothing".to_owned());
    assert!(told.is_empty() || told.starts_with("HTTP/1.1 408"), "{told}");
    let told = all(&mut body, Duration::from_secs(3)).unwrap_or_else(|| "nothing".to_owned());
    assert!(told.starts_with("HTTP/1.1 408") && told.contains("\"code\":\"request_timeout\""), "{told}");
    assert!(all(&mut silent, Duration::from_secs(3)).is_some());
    assert!(began.elapsed() < Duration::from_secs(9));
}

#[test]
fn what_is_too_large_is_refused_however_it_is_sent() {
    let server = Server::start("");
    // In pieces, without saying how much will come.
    let mut pieces = TcpStream::connect(&server.address).unwrap();
    let head = format!(
        "POST {LOGIN} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    pieces.write_all(head.as_bytes()).unwrap();
    let piece = format!("{:x}\r\n{}\r\n", 64 << 10, " ".repeat(64 << 10));
    for _ in 0..40 {
        if pieces.write_all(piece.as_bytes()).is_err() {
            break;
        }
    }
    let told = all(&mut pieces, Duration::from_secs(5)).unwrap_or_default();
    // Closed with more on its way, the answer itself may be lost.
    assert!(told.is_empty() || told.starts_with("HTTP/1.1 413"), "{told}");
    let mut heads = TcpStream::connect(&server.address).unwrap();
    let line = format!("X-A: {}\r\n", "a".repeat(8000));
    let _ = heads.write_all(format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", line.repeat(20)).as_bytes());
    let told = all(&mut heads, Duration::from_secs(5)).unwrap();
    assert!(told.is_empty() || told.starts_with("HTTP/1.1 4"), "{}", &told[..told.len().min(200)]);
    let mut many = TcpStream::connect(&server.address).unwrap();
    let _ = many.write_all(format!("GET /healthz HTTP/1.1\r\nHost: x\r\n{}\r\n", "X-A: a\r\n".repeat(200)).as_bytes());
    let told = all(&mut many, Duration::from_secs(5)).unwrap();
    assert!(told.is_empty() || told.starts_with("HTTP/1.1 4"), "{}", &told[..told.len().min(200)]);
    // And the server is none the worse for it.
    assert!(server.ask("GET /readyz", "").starts_with("HTTP/1.1 200"));
}

#[test]
fn more_connections_than_allowed_wait_for_their_turn() {
    let server = Server::start("clients = 2\nworkers = 1\nhead_seconds = 3\n");
    let held = [TcpStream::connect(&server.address).unwrap(), TcpStream::connect(&server.address).unwrap()];
    sleep(Duration::from_millis(300));
    let mut third = TcpStream::connect(&server.address).unwrap();
    third.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    assert_eq!(all(&mut third, Duration::from_millis(700)), None, "there is no room yet");
    drop(held);
    let told = all(&mut third, Duration::from_secs(6)).unwrap();
    assert!(told.starts_with("HTTP/1.1 200"), "{told}");
}

#[test]
fn a_stand_in_proxy_is_believed_and_a_stranger_is_not() {
    let trusting = Server::start("trusted_proxies = [\"127.0.0.1/32\"]\n");
    let plain = Server::start("");
    let forwarded = "X-Forwarded-For: 203.0.113.9\r\n";
    assert!(plain.ask("GET /metrics", forwarded).starts_with("HTTP/1.1 200"), "it is from here, whatever it says");
    assert!(trusting.ask("GET /metrics", "").starts_with("HTTP/1.1 200"));
    assert!(trusting.ask("GET /metrics", forwarded).starts_with("HTTP/1.1 404"), "metrics are not for the world");
    let tls = "X-Forwarded-Proto: https\r\n";
    assert!(trusting.ask("GET /healthz", tls).contains("strict-transport-security"));
    assert!(!plain.ask("GET /healthz", tls).contains("strict-transport-security"));
}

#[test]
fn pages_have_policies_without_anything_inline() {
    let server = Server::start("");
    for (path, wanted) in
        [("/", "script-src 'self' 'wasm-unsafe-eval'"), ("/api/docs", "style-src 'self'"), ("/api/v1/me", "sandbox")]
    {
        let told = server.ask(&format!("GET {path}"), "");
        let policy = told.lines().find_map(|line| line.strip_prefix("content-security-policy: ")).unwrap();
        assert!(policy.contains(wanted) && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{path}: {policy}");
    }
}

/// What the doctor says, and whether all is well.
fn doctor(folder: &Path, config: &str) -> (bool, String) {
    fs::write(folder.join("conexao.toml"), config).unwrap();
    let output = conexao(folder).arg("doctor").output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.success(), told)
}

#[test]
fn the_doctor_names_what_is_unsafe_about_the_network() {
    let folder = tempfile::tempdir().unwrap();
    certificate(folder.path());
    let tls = "listen = \"0.0.0.0:8443\"\npublic_url = \"https://localhost\"\ntls = { certificate = \"tls.pem\", key = \"tls.key\" }\n";
    assert!(conexao(folder.path()).arg("migrate").output().unwrap().status.success());
    let (well, told) = doctor(folder.path(), tls);
    assert!(well && told.contains("good until") && told.contains("signed by itself"), "{told}");
    fs::set_permissions(folder.path().join("tls.key"), fs::Permissions::from_mode(0o644)).unwrap();
    for (config, wanted) in [
        (tls.to_owned(), "chmod 600"),
        (tls.replace("localhost", "crm.example"), "not for crm.example"),
        (tls.replace("localhost", "crm.example"), "FIX  The certificate is signed by itself"),
        ("listen = \"0.0.0.0:8080\"\n".to_owned(), "without TLS"),
        ("public_url = \"https://crm.example\"\n".to_owned(), "no proxy is trusted"),
        ("trusted_proxies = [\"128.0.0.0/1\"]\n".to_owned(), "so wide"),
        ("trusted_proxies = [\"0.0.0.0/0\"]\n".to_owned(), "everybody"),
        ("cors_origins = [\"*\"]\n".to_owned(), "is no origin"),
        ("answer_seconds = 0\n".to_owned(), "at least 1"),
    ] {
        let (well, told) = doctor(folder.path(), &config);
        assert!(!well && told.contains(wanted), "{config}{told}");
    }
}

#[test]
fn problems_of_the_framework_speak_like_ours() {
    let server = Server::start("");
    let told = server.ask("PUT /api/v1/customers", "");
    let body: Json = serde_json::from_str(told.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!((&body["status"], &body["code"]), (&json!(405), &json!("method_not_allowed")));
    assert!(told.contains("allow: GET, POST"), "{told}");
}
