//! A server of the test's own, in a folder of its own.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

pub const EMAIL: &str = "helena@aurora.demo";
pub const PASSWORD: &str = "conexao-demo-2026";

pub struct Server {
    child: Child,
    pub address: String,
    pub folder: TempDir,
}

/// An address of this machine that nobody listens on.
pub fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

impl Server {
    /// With a configuration besides address and folder.
    pub fn start(config: &str) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), &free_address(), config)
    }

    pub fn start_in(folder: TempDir, address: &str, config: &str) -> Self {
        fs::write(folder.path().join("conexao.toml"), config).unwrap();
        let mut child = conexao(folder.path())
            .args(["serve", "--demo", "--data", "data", "--listen", address])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        // The address is printed once it is bound.
        assert!(lines.any(|line| line.contains("://")), "it did not start");
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address: address.to_owned(), folder }
    }

    /// What a request without a body is answered, byte by byte.
    pub fn ask(&self, line: &str, headers: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(stream, "{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n").unwrap();
        let mut told = Vec::new();
        stream.read_to_end(&mut told).unwrap();
        String::from_utf8_lossy(&told).into_owned()
    }

    /// SIGHUP: certificates are read anew.
    pub fn hang_up(&self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::HUP).unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

pub fn conexao(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conexao"));
    command.current_dir(folder).env_remove("DATABASE_URL").env_remove("CONEXAO_TOKEN");
    command
}
