//! Messages made of blocks, within Slack's limits.

use serde_json::{Value, json};

use super::text::{cut, cut_markup};

const MOST_BLOCKS: usize = 50;
const MOST_HEADER: usize = 150;
const MOST_SECTION: usize = 3000;
const MOST_FIELDS: usize = 10;
const MOST_FIELD: usize = 2000;
const MOST_TEXT: usize = 4000;
const MOST_URL: usize = 3000;

/// A part of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading; plain text.
    Header(String),
    /// A paragraph in Slack's markup: see [`escape`](super::escape).
    Section(String),
    /// Pairs of a label and a value, both in markup.
    Fields(Vec<(String, String)>),
    /// Small print in markup.
    Context(String),
    /// A button that opens an address.
    Button {
        /// What is written on it; plain text.
        text: String,
        /// What it opens.
        url: String,
    },
    /// A line.
    Divider,
}

impl Block {
    fn json(&self) -> Value {
        match self {
            Self::Header(text) => json!({"type": "header", "text": plain(text, MOST_HEADER)}),
            Self::Section(text) => json!({"type": "section", "text": markup(text, MOST_SECTION)}),
            Self::Fields(pairs) => {
                let field = |(label, value): &(String, String)| markup(&format!("*{label}*\n{value}"), MOST_FIELD);
                json!({"type": "section", "fields": pairs.iter().take(MOST_FIELDS).map(field).collect::<Vec<_>>()})
            }
            Self::Context(text) => json!({"type": "context", "elements": [markup(text, MOST_SECTION)]}),
            Self::Button { text, url } => {
                let url = if url.chars().count() <= MOST_URL { url.as_str() } else { "" };
                json!({"type": "actions", "elements": [{"type": "button", "text": plain(text, 75), "url": url}]})
            }
            Self::Divider => json!({"type": "divider"}),
        }
    }

    /// Whether there is something to show: Slack refuses empty texts.
    fn says_something(&self) -> bool {
        match self {
            Self::Header(text) | Self::Section(text) | Self::Context(text) => !text.trim().is_empty(),
            Self::Fields(pairs) => !pairs.is_empty(),
            Self::Button { text, url } => !text.trim().is_empty() && !url.is_empty() && url.len() <= MOST_URL,
            Self::Divider => true,
        }
    }
}

fn plain(text: &str, most: usize) -> Value {
    json!({"type": "plain_text", "text": cut(text, most), "emoji": false})
}

fn markup(text: &str, most: usize) -> Value {
    // Verbatim: nothing in the text becomes a link or a mention by itself.
    json!({"type": "mrkdwn", "text": cut_markup(text, most), "verbatim": true})
}

/// A message; the text is what the notification of a device shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlackMessage {
    /// The whole message in one paragraph of markup.
    pub text: String,
    /// The message as it looks in the channel.
    pub blocks: Vec<Block>,
}

impl SlackMessage {
    /// The JSON that is posted.
    pub fn json(&self) -> Value {
        let mut body = json!({
            "text": cut_markup(&self.text, MOST_TEXT), "unfurl_links": false, "unfurl_media": false,
        });
        let blocks: Vec<Value> =
            self.blocks.iter().filter(|block| block.says_something()).take(MOST_BLOCKS).map(Block::json).collect();
        if let Some(map) = body.as_object_mut()
            && !blocks.is_empty()
        {
            map.insert("blocks".to_owned(), Value::Array(blocks));
        }
        body
    }
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_message_stays_within_the_limits() {
        let blocks = (0..60).map(|_| Block::Header("é".repeat(200))).collect();
        let body = SlackMessage { text: "x".repeat(5000), blocks }.json();
        assert_eq!(body["blocks"].as_array().map(Vec::len), Some(50));
        assert_eq!(body["blocks"][0]["text"]["text"].as_str().map(|t| t.chars().count()), Some(150));
        assert_eq!(body["text"].as_str().map(|t| t.chars().count()), Some(4000));
    }

    #[test]
    fn empty_parts_are_left_out() {
        let blocks = vec![Block::Section(" ".into()), Block::Fields(vec![]), Block::Divider];
        let body = SlackMessage { text: "a".into(), blocks }.json();
        assert_eq!(body["blocks"], json!([{"type": "divider"}]));
        assert_eq!(SlackMessage { text: "a".into(), blocks: vec![] }.json().get("blocks"), None);
    }
}
