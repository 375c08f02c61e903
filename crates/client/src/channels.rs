//! Ways out: what became of messages, pauses, texts of one's own, and where
//! the caller is reached.

use serde_json::json;

use crate::{
    Client, Failure, NoticeChoice,
    model::{Browser, Channel, MessageEvent, Page, Reached, Said, TemplateListed, TemplateTexts, TextTemplate},
    query::segment,
};

impl Client {
    /// What became of a message, the oldest first.
    pub async fn message_events(&self, id: &str) -> Result<Vec<MessageEvent>, Failure> {
        let found: Page<MessageEvent> = self.get(format!("/messages/{}/events", segment(id))).read().await?;
        Ok(found.items)
    }

    /// What a message says; leaves an entry in the audit.
    pub async fn message_content(&self, id: &str) -> Result<Said, Failure> {
        self.get(format!("/messages/{}/content", segment(id))).read().await
    }

    /// Every way out.
    pub async fn channels(&self) -> Result<Vec<Channel>, Failure> {
        let found: Page<Channel> = self.get("/channels").read().await?;
        Ok(found.items)
    }

    /// Where mail servers hand reports in.
    pub async fn mail_intake(&self) -> Result<String, Failure> {
        let answer = self.get("/channels/intake").value().await?;
        Ok(answer.get("url").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned())
    }

    /// Stops a way out, or lets it go on.
    pub async fn pause_channel(&self, channel: &str, paused: bool) -> Result<(), Failure> {
        let act = if paused { "pause" } else { "resume" };
        self.post(format!("/channels/{}/actions/{act}", segment(channel))).done().await
    }

    /// How people are told who did not choose.
    pub async fn notice_defaults(&self) -> Result<Vec<NoticeChoice>, Failure> {
        let answer: Defaults = self.get("/notification-defaults").read().await?;
        Ok(answer.choices)
    }

    /// Changes how people are told who did not choose; what is not named stays.
    pub async fn set_notice_defaults(&self, choices: &[NoticeChoice]) -> Result<Vec<NoticeChoice>, Failure> {
        let body = json!({ "choices": choices });
        let answer: Defaults = self.patch("/notification-defaults").json(body).read().await?;
        Ok(answer.choices)
    }

    /// Texts of mail in every language, and which are the company's own.
    pub async fn templates(&self) -> Result<Vec<TemplateListed>, Failure> {
        let found: Page<TemplateListed> = self.get("/message-templates").read().await?;
        Ok(found.items)
    }

    /// One text: in use, the product's, and what it may mention.
    pub async fn template(&self, template: &str, language: &str) -> Result<TextTemplate, Failure> {
        self.get(path(template, language)).read().await
    }

    /// Keeps a text of the company's own over the version it was made from.
    pub async fn put_template(
        &self,
        template: &str,
        language: &str,
        version: i64,
        texts: &TemplateTexts,
    ) -> Result<TextTemplate, Failure> {
        let body = json!({ "version": version, "subject": texts.subject, "text": texts.text, "html": texts.html });
        self.patch(path(template, language)).json(body).read().await
    }

    /// Goes back to the product's text.
    pub async fn reset_template(&self, template: &str, language: &str) -> Result<(), Failure> {
        self.delete(path(template, language)).done().await
    }

    /// A text filled in with samples.
    pub async fn preview_template(
        &self,
        template: &str,
        language: &str,
        texts: &TemplateTexts,
    ) -> Result<Said, Failure> {
        let body = json!({ "subject": texts.subject, "text": texts.text, "html": texts.html });
        self.post(format!("{}/actions/preview", path(template, language))).json(body).read().await
    }

    /// Sends the text in use to oneself.
    pub async fn test_template(&self, template: &str, language: &str) -> Result<(), Failure> {
        self.post(format!("{}/actions/test", path(template, language))).done().await
    }

    /// Browsers the caller is told in.
    pub async fn browsers(&self) -> Result<Vec<Browser>, Failure> {
        let found: Page<Browser> = self.get("/me/browsers").read().await?;
        Ok(found.items)
    }

    /// The key a browser subscribes with.
    pub async fn push_key(&self) -> Result<String, Failure> {
        let answer = self.get("/me/browsers/key").value().await?;
        Ok(answer.get("key").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned())
    }

    /// Has the caller told in a browser.
    pub async fn add_browser(&self, endpoint: &str, p256dh: &str, auth: &str) -> Result<(), Failure> {
        let body = json!({ "endpoint": endpoint, "p256dh": p256dh, "auth": auth });
        self.post("/me/browsers").json(body).done().await
    }

    /// Has the caller told in a browser no more.
    pub async fn remove_browser(&self, id: &str) -> Result<(), Failure> {
        self.delete(format!("/me/browsers/{}", segment(id))).done().await
    }

    /// Sends a test to the caller's browsers.
    pub async fn test_push(&self) -> Result<(), Failure> {
        self.post("/me/browsers/actions/test").unkeyed().done().await
    }

    /// Where the caller is reached by SMS and in Slack.
    pub async fn reached(&self) -> Result<Vec<Reached>, Failure> {
        let found: Page<Reached> = self.get("/me/channels").read().await?;
        Ok(found.items)
    }

    /// Has a code sent to a telephone.
    pub async fn ask_phone(&self, phone: &str) -> Result<(), Failure> {
        self.post("/me/channels/sms/actions/ask").unkeyed().json(json!({ "phone": phone })).done().await
    }

    /// Proves the telephone with the code it got.
    pub async fn confirm_phone(&self, code: &str) -> Result<(), Failure> {
        self.post("/me/channels/sms/actions/confirm").unkeyed().json(json!({ "code": code })).done().await
    }

    /// Has the caller told in Slack.
    pub async fn set_slack(&self, url: &str) -> Result<(), Failure> {
        self.post("/me/channels/slack/actions/set").unkeyed().json(json!({ "url": url })).done().await
    }

    /// Has the caller reached there no more.
    pub async fn remove_reached(&self, channel: &str) -> Result<(), Failure> {
        self.delete(format!("/me/channels/{}", segment(channel))).done().await
    }
}

fn path(template: &str, language: &str) -> String {
    format!("/message-templates/{}/{}", segment(template), segment(language))
}

#[derive(Debug, serde::Deserialize)]
struct Defaults {
    choices: Vec<NoticeChoice>,
}
