//! One conversation.

use std::io::{Error, Result};
use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::{Shared, Taken};
use crate::standin::http::locked;

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

struct Session {
    stream: BufReader<Box<dyn Stream>>,
    shared: Arc<Shared>,
    tls: bool,
    logged_in: bool,
    from: Option<String>,
    to: Vec<String>,
}

/// Whether the conversation goes on.
enum Then {
    Go,
    Upgrade,
    End,
}

pub(super) async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    *locked(&shared.sessions) += 1;
    let tls = shared.options.implicit_tls;
    let stream: Box<dyn Stream> = if tls {
        let Ok(stream) = shared.tls.accept(stream).await else { return };
        Box::new(stream)
    } else {
        Box::new(stream)
    };
    let session = Session { stream: BufReader::new(stream), shared, tls, logged_in: false, from: None, to: Vec::new() };
    // A client that leaves early ends its session and nothing else.
    let _ended = session.run().await;
}

impl Session {
    async fn run(mut self) -> Result<()> {
        self.say("220 localhost ESMTP stand-in").await?;
        loop {
            let line = self.line().await?;
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match self.command(&verb.to_ascii_uppercase(), rest).await? {
                Then::Go => {}
                Then::End => return Ok(()),
                Then::Upgrade => self = self.upgrade().await?,
            }
        }
    }

    async fn say(&mut self, text: &str) -> Result<()> {
        self.stream.get_mut().write_all(format!("{text}\r\n").as_bytes()).await?;
        self.stream.get_mut().flush().await
    }

    async fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line).await? == 0 {
            return Err(Error::from(std::io::ErrorKind::UnexpectedEof));
        }
        Ok(line.trim_end_matches(['\r', '\n']).to_owned())
    }

    async fn upgrade(self) -> Result<Self> {
        // What came after STARTTLS in the clear is thrown away, as it must be.
        let stream = self.shared.tls.accept(self.stream.into_inner()).await?;
        let stream: Box<dyn Stream> = Box::new(stream);
        Ok(Self { stream: BufReader::new(stream), tls: true, from: None, to: Vec::new(), ..self })
    }

    async fn command(&mut self, verb: &str, rest: &str) -> Result<Then> {
        match verb {
            "EHLO" => self.hello().await?,
            "STARTTLS" if self.shared.options.starttls && !self.tls => {
                self.say("220 2.0.0 go ahead").await?;
                return Ok(Then::Upgrade);
            }
            "AUTH" => self.login(rest).await?,
            "MAIL" => self.sender(rest).await?,
            "RCPT" => return self.recipient(rest).await,
            "DATA" => return self.data().await,
            "RSET" => {
                self.from = None;
                self.to.clear();
                self.say("250 2.0.0 forgotten").await?;
            }
            "NOOP" => self.say("250 2.0.0 fine").await?,
            "QUIT" => {
                self.say("221 2.0.0 bye").await?;
                return Ok(Then::End);
            }
            _ => self.say("502 5.5.1 not here").await?,
        }
        Ok(Then::Go)
    }

    async fn hello(&mut self) -> Result<()> {
        let mut lines = vec!["localhost", "PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES"];
        let options = &self.shared.options;
        if options.starttls && !self.tls {
            lines.push("STARTTLS");
        }
        if options.utf8 {
            lines.push("SMTPUTF8");
        }
        if options.login.is_some() && self.tls {
            lines.push("AUTH PLAIN LOGIN");
        }
        let last = lines.len() - 1;
        let text: Vec<String> = lines
            .iter()
            .enumerate()
            .map(|(i, line)| format!("250{}{line}", if i == last { ' ' } else { '-' }))
            .collect();
        self.say(&text.join("\r\n")).await
    }

    async fn login(&mut self, rest: &str) -> Result<()> {
        if !self.tls {
            return self.say("538 5.7.11 encryption required").await;
        }
        let given = match rest.split_once(' ') {
            Some(("PLAIN", first)) => BASE64.decode(first).unwrap_or_default(),
            _ => return self.say("504 5.5.4 PLAIN only").await,
        };
        let expected = self.shared.options.login.as_ref().map(|(user, password)| format!("\0{user}\0{password}"));
        if expected.is_some_and(|expected| expected.as_bytes() == given) {
            self.logged_in = true;
            *locked(&self.shared.logins) += 1;
            return self.say("235 2.7.0 welcome").await;
        }
        self.say("535 5.7.8 wrong name or password").await
    }

    async fn sender(&mut self, rest: &str) -> Result<()> {
        if self.shared.options.login.is_some() && !self.logged_in {
            return self.say("530 5.7.0 log in first").await;
        }
        let from = address(rest);
        if from.starts_with("blocked@") {
            return self.say("550 5.7.1 you may not send as this").await;
        }
        self.from = Some(from);
        self.to.clear();
        self.say("250 2.1.0 fine").await
    }

    async fn recipient(&mut self, rest: &str) -> Result<Then> {
        if self.from.is_none() {
            self.say("503 5.5.1 MAIL first").await?;
            return Ok(Then::Go);
        }
        let to = address(rest);
        let again = !locked(&self.shared.greeted).insert(to.clone());
        let reply = match to.split('@').next().unwrap_or_default() {
            "nobody" => "550 5.1.1 no such user",
            "full" => "552 5.2.2 mailbox full",
            "policy" => "550 5.7.26 unauthenticated mail is not accepted",
            "plain" => "550 not today",
            "grey" if !again => "451 4.7.1 greylisted, come back later",
            "busy" => "421 4.3.2 closing down",
            _ => "250 2.1.5 fine",
        };
        self.say(reply).await?;
        if reply.starts_with("250") {
            self.to.push(to);
        }
        Ok(if reply.starts_with("421") { Then::End } else { Then::Go })
    }

    fn is_for(&self, name: &str) -> bool {
        self.to.iter().any(|to| to.split('@').next() == Some(name))
    }

    async fn data(&mut self) -> Result<Then> {
        if self.to.is_empty() {
            self.say("503 5.5.1 RCPT first").await?;
            return Ok(Then::Go);
        }
        if self.is_for("early") {
            return Ok(Then::End);
        }
        self.say("354 go on").await?;
        let mut raw = String::new();
        loop {
            let line = self.line().await?;
            if line == "." {
                break;
            }
            raw.push_str(line.strip_prefix('.').unwrap_or(&line));
            raw.push_str("\r\n");
        }
        if self.is_for("lost") {
            return Ok(Then::End);
        }
        if self.is_for("mute") {
            tokio::time::sleep(std::time::Duration::from_mins(10)).await;
        }
        let from = self.from.take().unwrap_or_default();
        let dup = self.is_for("dup");
        let to = std::mem::take(&mut self.to);
        locked(&self.shared.taken).push(Taken { from, to, raw, tls: self.tls });
        if dup {
            return Ok(Then::End);
        }
        self.say("250 2.0.0 queued as STANDIN1").await?;
        Ok(Then::Go)
    }
}

fn address(rest: &str) -> String {
    let inner = rest.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(inner, _)| inner);
    inner.unwrap_or_default().to_owned()
}
