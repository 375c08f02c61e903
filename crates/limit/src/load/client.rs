//! The least HTTP/1.1 that measures: one connection, no allocation that the
//! answer does not need.

use std::fmt::Write as _;

use anyhow::{Context, Result, bail};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// One request.
#[derive(Debug, Clone, Default)]
pub struct Request {
    pub method: &'static str,
    pub path: String,
    /// `If-Match`.
    pub version: Option<i64>,
    pub body: String,
    /// Of the body; JSON unless told.
    pub media: Option<&'static str>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

#[derive(Debug)]
pub struct Client {
    stream: TcpStream,
    address: String,
    token: String,
    buffer: Vec<u8>,
}

impl Client {
    pub async fn connect(address: &str, token: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            address: address.to_owned(),
            token: token.to_owned(),
            buffer: Vec::with_capacity(128 * 1024),
        })
    }

    /// Sends the request and waits for the whole answer.
    pub async fn send(&mut self, request: &Request) -> Result<Answer> {
        let Request { method, path, version, body, media } = request;
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.address);
        if !self.token.is_empty() {
            write!(head, "Authorization: Bearer {}\r\n", self.token)?;
        }
        if let Some(version) = version {
            write!(head, "If-Match: \"{version}\"\r\n")?;
        }
        if !body.is_empty() {
            let media = media.unwrap_or("application/json");
            write!(head, "Content-Type: {media}\r\nContent-Length: {}\r\n", body.len())?;
        }
        head.push_str("\r\n");
        head.push_str(body);
        self.stream.write_all(head.as_bytes()).await?;
        self.receive().await
    }

    async fn receive(&mut self) -> Result<Answer> {
        self.buffer.clear();
        let end = loop {
            self.more().await?;
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end;
            }
        };
        let head = String::from_utf8_lossy(self.buffer.get(..end).unwrap_or_default()).to_ascii_lowercase();
        let status = head.get(9..12).and_then(|text| text.parse().ok()).context("no status")?;
        let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name).map(str::trim));
        if header("transfer-encoding:").is_some() {
            bail!("answers without a length are not for this client");
        }
        let length: usize = header("content-length:").and_then(|v| v.parse().ok()).unwrap_or_default();
        while self.buffer.len() < end + 4 + length {
            self.more().await?;
        }
        Ok(Answer { status, body: self.buffer.get(end + 4..).unwrap_or_default().to_vec() })
    }

    async fn more(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}
