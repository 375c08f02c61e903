//! The text of an event stream, in whatever pieces it comes.

use std::collections::VecDeque;

/// One event as it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// From here the stream may be resumed.
    pub id: Option<String>,
    pub event: String,
    pub data: String,
}

#[derive(Debug, Default)]
pub(super) struct Parser {
    /// A line whose end has not come yet.
    line: Vec<u8>,
    message: Message,
    ready: VecDeque<Message>,
}

impl Parser {
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if self.line.pop_if(|byte| *byte == b'\n').is_some() {
                let line = std::mem::take(&mut self.line);
                self.take(String::from_utf8_lossy(&line).trim_end_matches('\r'));
            }
        }
    }

    pub(super) fn next(&mut self) -> Option<Message> {
        self.ready.pop_front()
    }

    fn take(&mut self, line: &str) {
        if line.is_empty() {
            let message = std::mem::take(&mut self.message);
            self.ready.extend(Some(message).filter(|m| !m.event.is_empty() || !m.data.is_empty()));
            return;
        }
        // A line that begins with a colon is a comment, and names no field here.
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "id" => self.message.id = Some(value.to_owned()),
            "event" => value.clone_into(&mut self.message.event),
            "data" => {
                if !self.message.data.is_empty() {
                    self.message.data.push('\n');
                }
                self.message.data.push_str(value);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        ": \n\nid: 7\nevent: job\ndata: {\"ação\":1}\n\nevent: reset\r\ndata: a\r\ndata: b\r\n\r\n: \n\n";

    #[test]
    fn pieces_may_end_anywhere() {
        let whole = {
            let mut parser = Parser::default();
            parser.feed(TEXT.as_bytes());
            std::iter::from_fn(|| parser.next()).collect::<Vec<_>>()
        };
        let job = Message { id: Some("7".into()), event: "job".into(), data: "{\"ação\":1}".into() };
        let reset = Message { id: None, event: "reset".into(), data: "a\nb".into() };
        assert_eq!(whole, [job, reset]);
        for size in 1..TEXT.len() {
            let mut parser = Parser::default();
            TEXT.as_bytes().chunks(size).for_each(|piece| parser.feed(piece));
            assert_eq!(std::iter::from_fn(|| parser.next()).collect::<Vec<_>>(), whole, "pieces of {size}");
        }
    }

    #[test]
    fn an_event_without_its_end_is_none() {
        let mut parser = Parser::default();
        parser.feed(b"event: job\ndata: {}");
        assert_eq!(parser.next(), None);
    }
}
